import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Credential } from '@zhongkong/jobs';
import {
  BilingualError,
  type Clock,
  faultInBody,
  healOnce,
  isDeadTokenFault,
  isLive,
  redact,
} from '@zhongkong/shared';
import type { Request, Response } from 'express';
import type { Dispatcher } from 'undici';
import { HttpProblem } from '../http/problem.js';
import type { Logger } from '../logger.js';
import { liveRecordOf } from '../tokens/live-record.js';
import { type KeptBody, keptBodyOf } from './kept-body.js';
import { requestHeaders, responseHeaders } from './proxy-headers.js';
import { type AnswerBody, piecesOf, readAnswer } from './read-answer.js';
import { type WechatCall, type WechatPool, WechatUnreachableError } from './wechat-pool.js';
import { type WechatTarget, withToken } from './wechat-target.js';

export interface ForwardDeps {
  readonly wechat: WechatPool;
  readonly clock: Clock;
  readonly log: Logger;
}

const READ_TIMEOUT_MS = 3_000;
/** Calls of one app, those that wait for a slot included. */
const CALLS_MAX = 2_000;
/** A client that neither sends nor takes anything for this long is disconnected. */
const IDLE_MS = 120_000;
/** Methods that change nothing, so that they may be sent twice (RFC 9110, 9.2.1). */
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

interface Answer {
  readonly data: Dispatcher.ResponseData;
  readonly body: AnswerBody;
}

/** Where a call goes, and on whose behalf. */
interface Destination {
  /** The access token to call with. */
  readonly credential: Credential;
  readonly target: WechatTarget;
  /** What stands for WeChat's base URL at the client: `/proxy/{appId}`, or nothing. */
  readonly mount: string;
  /** Who reports the token if it proves dead. */
  readonly client: string;
}

/**
 * Makes the client's call at WeChat with the app's current token, and passes the answer back. If WeChat answers that the
 * token is dead, the token is reported and the call is made once more.
 * @throws HttpProblem, NoTokenError, CodedError `too_many_calls`, `wechat_unreachable`, `wechat_unreadable` as long as
 *   nothing was answered
 */
export type Forward = (request: Request, response: Response, destination: Destination) => Promise<void>;

export function createForward({ wechat, clock, log }: ForwardDeps): Forward {
  const calls = new Map<string, number>();
  function countCall(appId: string, difference: 1 | -1): void {
    const now = (calls.get(appId) ?? 0) + difference;
    if (now === 0) calls.delete(appId);
    else calls.set(appId, now);
  }

  return async (request, response, { credential, target, mount, client }) => {
    const { method } = request;
    const { appId } = credential.id;
    const { requestId } = response.locals;
    refuseMethod(method);
    if ((calls.get(appId) ?? 0) >= CALLS_MAX) throw tooManyCalls();

    const gone = new AbortController();
    response.once('close', () => gone.abort());
    request.socket.setTimeout(IDLE_MS);
    const kept = keptBodyOf(request);
    const tokens: string[] = [];
    countCall(appId, 1);
    try {
      const record = await liveRecordOf(credential, READ_TIMEOUT_MS);
      const answer = await healOnce(record.value, {
        async send(accessToken) {
          const isFirst = tokens.length === 0;
          tokens.push(accessToken);
          const wanted = {
            appId,
            client,
            method,
            target: withToken(target, accessToken),
            headers: headersOf(request, kept !== null),
            signal: gone.signal,
          };
          if (!isFirst) return call(wechat, { ...wanted, body: kept && (await kept.whole()) });
          try {
            return await call(wechat, { ...wanted, body: kept?.stream ?? null });
          } catch (error) {
            if (!mayBeSentAgain(error, method, kept) || !(await canRepeat())) throw error;
            return call(wechat, { ...wanted, body: kept && (await kept.whole()), isFresh: true });
          }
        },
        deadTokenErrcode,
        report,
        canRepeat,
      });
      await passOn(answer, response, tokens);
    } catch (error) {
      if (gone.signal.aborted) return;
      throw error;
    } finally {
      countCall(appId, -1);
      kept?.release();
    }

    async function canRepeat(): Promise<boolean> {
      return kept === null || (await kept.whole()) !== null;
    }

    async function report(dead: string, errcode: number): Promise<string | undefined> {
      const answer = await credential
        .report({ client, stale: { value: dead }, errcode })
        .catch((error: unknown) => {
          log.debug({ appId, err: error, requestId }, 'the token of a proxied call could not be healed');
          return null;
        });
      const record = answer?.record ?? null;
      const isNew = record !== null && record.value !== dead && isLive(record, clock.nowMs());
      return isNew ? record.value : undefined;
    }

    async function passOn({ data, body }: Answer, to: Response, secrets: readonly string[]): Promise<void> {
      const requestUrl = `${wechat.baseUrl}${target.path}`;
      const headers = responseHeaders(data.headers, { baseUrl: wechat.baseUrl, requestUrl, mount, secrets });
      if (body.is === 'small') {
        // Each byte is one character here, so a text in any charset comes out as it went in.
        const bytes = Buffer.from(redact(body.bytes.toString('latin1'), secrets), 'latin1');
        if (body.isDecoded) delete headers['content-encoding'];
        if (bytes.length > 0) headers['content-length'] = String(bytes.length);
        // Before `end`, which would break UTF-8 in Content-Disposition.
        to.writeHead(data.statusCode, headers);
        to.end(bytes);
        return;
      }
      to.writeHead(data.statusCode, headers);
      await pipeline(Readable.from(piecesOf(body), { objectMode: false }), to).catch((error: unknown) => {
        log.debug({ err: error, requestId }, 'a proxied answer broke off');
        to.destroy();
      });
    }
  };
}

function tooManyCalls(): BilingualError {
  const text = { en: 'Too many calls of this app are under way.', zh: '该应用正在进行的调用过多。' };
  return new BilingualError(text, { code: 'too_many_calls' });
}

/** @throws HttpProblem `method_not_allowed` */
function refuseMethod(method: string): void {
  if (METHODS.has(method)) return;
  const allow = [...METHODS].join(', ');
  const detail = { en: `The proxy takes ${allow}.`, zh: `代理只支持 ${allow}。` };
  throw new HttpProblem(detail, { code: 'method_not_allowed', headers: { allow } });
}

function headersOf({ headers }: Request, hasBody: boolean): WechatCall['headers'] {
  const length = headers['content-length'];
  return { ...requestHeaders(headers), ...(hasBody && length ? { 'content-length': length } : {}) };
}

async function call(wechat: WechatPool, wanted: WechatCall): Promise<Answer> {
  const data = await wechat.call(wanted);
  const { 'content-type': type, 'content-encoding': encoding } = data.headers;
  try {
    return { data, body: await readAnswer(data.body, type?.toString(), encoding?.toString()) };
  } catch (cause) {
    const text = {
      en: 'WeChat’s answer broke off. The call may have been carried out all the same.',
      zh: '微信的应答中途断开，这次调用可能已经执行。',
    };
    throw new BilingualError(text, { code: 'wechat_unreadable', cause });
  }
}

/**
 * Whether a call whose connection ended without an answer can be sent again. WeChat closes idle connections, and a call
 * may be on its way at that moment. A method that changes nothing may be sent twice; of the others it is sure only if
 * WeChat did not get the whole body.
 */
function mayBeSentAgain(error: unknown, method: string, kept: KeptBody | null): boolean {
  if (!(error instanceof WechatUnreachableError) || !error.isReset) return false;
  return SAFE_METHODS.has(method) || (kept !== null && !kept.isRead);
}

/** The errcode by which WeChat says that the token is dead. */
function deadTokenErrcode({ body }: Answer): number | undefined {
  const errcode = body.is === 'small' ? faultInBody(body.bytes)?.errcode : undefined;
  return errcode !== undefined && isDeadTokenFault(errcode) ? errcode : undefined;
}
