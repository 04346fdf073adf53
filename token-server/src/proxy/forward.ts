import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { CredentialRecord, RefreshEngine } from '@zhongkong/jobs';
import { type Clock, faultOf, isDeadTokenFault, isLive, parseWechatJson } from '@zhongkong/shared';
import type { Request, Response } from 'express';
import type { Dispatcher } from 'undici';
import { failureProblem } from '../http/failure-problem.js';
import { tokenOf } from '../http/find-credential.js';
import { HttpProblem } from '../http/http-problem.js';
import type { Logger } from '../logger.js';
import { concealing } from './conceal.js';
import { KeptBody } from './kept-body.js';
import type { PlatformPool } from './platform-pool.js';
import { type PlatformTarget, withToken } from './platform-target.js';
import { requestHeaders, responseHeaders } from './proxy-headers.js';
import { type AnswerBody, readSmall } from './read-small.js';

export interface ForwardTools {
  readonly engine: RefreshEngine;
  readonly platform: PlatformPool;
  readonly clock: Clock;
  readonly log: Logger;
}

const READ_PATIENCE_MS = 3_000;
/** Of one app, among them those that wait for a slot. */
const CALLS_MAX = 2_000;
/** A client that neither sends nor takes anything for this long is let go. */
const IDLE_MS = 120_000;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

interface Answer {
  readonly data: Dispatcher.ResponseData;
  readonly body: AnswerBody;
}

/** Where a call goes, and on whose behalf. */
export interface Destination {
  readonly appId: string;
  readonly target: PlatformTarget;
  /** What stands for the platform's base URL at the client: `/proxy/{appId}`, or nothing. */
  readonly mount: string;
  /** Who reports the token if it proves dead. */
  readonly client: string;
}

/** Passes a call on. @throws HttpProblem as long as nothing was answered */
export type Forward = (request: Request, response: Response, destination: Destination) => Promise<void>;

/**
 * The same call at the platform with the app's current token. When the platform says that the token is dead, that is
 * healed and the call is made once more.
 */
export function createForward({ engine, platform, clock, log }: ForwardTools): Forward {
  const calls = new Map<string, number>();
  const countCall = (appId: string, difference: 1 | -1) =>
    calls.set(appId, (calls.get(appId) ?? 0) + difference);
  return async (request, response, { appId, target: { path, query }, mount, client }) => {
    const { method } = request;
    if (!METHODS.has(method))
      throw new HttpProblem('method_not_allowed', { headers: { allow: [...METHODS].join(', ') } });
    if ((calls.get(appId) ?? 0) >= CALLS_MAX)
      throw new HttpProblem('rate_limited', { detail: 'Too many calls of this app are under way.' });

    const credential = tokenOf(engine, appId);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    request.socket.setTimeout(IDLE_MS);
    const kept = keptBodyOf(request);
    const call = (token: string, body: Readable | Buffer | null): Promise<Answer> => {
      const length = request.headers['content-length'];
      const headers = {
        ...requestHeaders(request.headers),
        ...(body && length ? { 'content-length': length } : {}),
      };
      return ask(platform, {
        lane: appId,
        method,
        target: withToken(path, query, token),
        headers,
        body,
        signal: gone.signal,
      });
    };
    countCall(appId, 1);
    try {
      const record = await credential.awaitLive(READ_PATIENCE_MS);
      if (record === null) throw failureProblem(credential, clock.nowMs());
      const first = await call(record.value, kept);
      const errcode = deadTokenCode(first);
      const next = errcode && (await healed(record, errcode));
      const again = kept === null ? null : kept.whole;
      const isRepeatable = kept === null || again !== null;
      const answer = next && isRepeatable ? await call(next.value, again) : first;
      const tokens = next ? [record.value, next.value] : [record.value];
      await passOn(answer, response, { mount, conceal: concealing(tokens) });
    } catch (error) {
      if (gone.signal.aborted) return;
      throw error;
    } finally {
      countCall(appId, -1);
      kept?.letGo();
      kept?.destroy();
    }

    async function healed(dead: CredentialRecord, errcode: number): Promise<CredentialRecord | undefined> {
      const report = { client, stale: { value: dead.value }, errcode };
      const result = await credential.report(report).catch((error: unknown) => {
        log.debug({ appId, err: error }, 'the token of a proxied call could not be healed');
        return null;
      });
      const record = result?.record ?? null;
      const isNew = record !== null && record.value !== dead.value && isLive(record, clock.nowMs());
      return isNew ? record : undefined;
    }
  };

  async function passOn(
    { data, body }: Answer,
    response: Response,
    { mount, conceal }: { mount: string; conceal: (text: string) => string },
  ): Promise<void> {
    const context = { baseUrl: platform.baseUrl, mount, conceal };
    response.status(data.statusCode);
    for (const [name, value] of Object.entries(responseHeaders(data.headers, context)))
      response.setHeader(name, value);
    if (body.is === 'small') {
      // A byte is a character here, so that a text in any charset comes out as it went in.
      const bytes = Buffer.from(conceal(body.bytes.toString('latin1')), 'latin1');
      if (bytes.length > 0) response.setHeader('content-length', bytes.length);
      response.end(bytes);
      return;
    }
    await pipeline(Readable.from(chunksOf(body), { objectMode: false }), response).catch((error: unknown) => {
      log.debug({ err: error }, 'a proxied answer broke off');
      response.destroy();
    });
  }
}

async function ask(platform: PlatformPool, call: Parameters<PlatformPool['call']>[0]): Promise<Answer> {
  const data = await platform.call(call);
  const isCoded = data.headers['content-encoding'] !== undefined;
  try {
    return { data, body: await readSmall(data.body, String(data.headers['content-type'] ?? ''), isCoded) };
  } catch (cause) {
    const detail = 'WeChat’s answer broke off. The call may have been carried out all the same.';
    throw new HttpProblem('upstream_unavailable', { detail, retryAfterSeconds: 1 }, { cause });
  }
}

/** The request's body on its way, or null when there is none. */
function keptBodyOf(request: Request): KeptBody | null {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length']) > 0;
  if (!hasBody) return null;
  const kept = new KeptBody();
  // Whoever reads it may stop in the middle; that is no error of ours.
  kept.on('error', () => {});
  request.pipe(kept);
  request.once('close', () => {
    if (!request.complete) kept.destroy(new Error('the client went away'));
  });
  // What nobody reads any longer is let run out, so that the client can hear the answer.
  kept.once('close', () => {
    request.unpipe(kept);
    request.resume();
  });
  return kept;
}

/** The errcode by which the platform says that the token is dead. */
function deadTokenCode({ data, body }: Answer): number | undefined {
  if (body.is !== 'small' || data.statusCode !== 200) return undefined;
  try {
    const errcode = faultOf(parseWechatJson(body.bytes.toString('utf8')))?.errcode;
    return errcode !== undefined && isDeadTokenFault(errcode) ? errcode : undefined;
  } catch {
    return undefined;
  }
}

async function* chunksOf({ begin, rest }: Extract<AnswerBody, { is: 'large' }>): AsyncGenerator<Buffer> {
  try {
    yield* begin;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
