import type { CredentialRecord, RefreshEngine } from '@zhongkong/jobs';
import { secondsLeft } from '@zhongkong/shared';
import { toAccessTokenAnswer } from '@zhongkong/shared/contract';
import { etagOf } from '../http/etag.js';
import { BriefMap } from './brief-map.js';

/** Different apps that are read within one second; their answers are a kilobyte each. */
const APPS_MAX = 10_000;

/** Where the id of the request stands in the headers. */
export const REQUEST_ID_AT = 1;

/** The answer to a read, as it is sent until the token changes or a second of its life has passed. */
export interface PreparedRead {
  readonly record: CredentialRecord;
  readonly secondsLeft: number;
  readonly etag: string;
  /** Names and values in turn, as Node takes them; the id of the request is put in for each answer. */
  readonly headers: string[];
  readonly headersOf304: string[];
  /** Only ASCII, so that Node need not encode it. */
  readonly body: string;
}

export interface PreparedReadsDeps {
  readonly engine: Pick<RefreshEngine, 'token'>;
  readonly apps: { has(appId: string): boolean };
}

/** The answers to reads, each made once per token and second. */
export class PreparedReads {
  readonly #deps: PreparedReadsDeps;
  readonly #reads = new BriefMap<PreparedRead>(APPS_MAX);

  constructor(deps: PreparedReadsDeps) {
    this.#deps = deps;
  }

  /** Undefined: there is no such app, it has no living token, or its answer is not plain; the ordinary way knows. */
  of(appId: string, nowMs: number): PreparedRead | undefined {
    const record = this.#deps.apps.has(appId) ? this.#deps.engine.token(appId)?.live() : undefined;
    if (record === undefined || record === null) return undefined;
    const left = secondsLeft(record, nowMs);
    const known = this.#reads.get(appId);
    if (known !== undefined && known.record === record && known.secondsLeft === left) return known;
    return this.#prepare(appId, record, nowMs);
  }

  #prepare(appId: string, record: CredentialRecord, nowMs: number): PreparedRead | undefined {
    const body = JSON.stringify(toAccessTokenAnswer(appId, record, nowMs));
    if (!/^[\x20-\x7e]*$/.test(body)) return undefined;
    const etag = etagOf(record.version);
    const headersOf304 = ['x-request-id', '', 'cache-control', 'no-store', 'etag', etag];
    const headers = [
      ...headersOf304,
      'Content-Type',
      'application/json; charset=utf-8',
      'Content-Length',
      String(body.length),
    ];
    const read = { record, secondsLeft: secondsLeft(record, nowMs), etag, headers, headersOf304, body };
    this.#reads.set(appId, read);
    return read;
  }
}
