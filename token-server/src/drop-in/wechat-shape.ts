import type { Clock } from '@zhongkong/shared';
import type { Response } from 'express';
import type { Logger } from '../logger.js';
import { type DropInFault, faultOfCode } from './drop-in-fault.js';
import { faultOfError } from './fault-of-error.js';

export interface WechatShapeDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

/** Sends a body as WeChat does: HTTP 200, whatever it says. */
function sendWechatBody(response: Response, body: object): void {
  response.set('cache-control', 'no-store');
  // WeChat writes `encoding=` where others write `charset=`; `set` would add a charset of its own.
  response.setHeader('content-type', 'application/json; encoding=utf-8');
  response.end(JSON.stringify(body));
}

/** Sends what the work returns, or the fault that its error becomes, in WeChat's shape. */
export async function answerAsWechat(
  deps: WechatShapeDeps,
  response: Response,
  work: () => Promise<object>,
): Promise<void> {
  try {
    sendWechatBody(response, await work());
  } catch (error) {
    sendWechatFault(deps, response, error);
  }
}

/** @throws the error itself if an answer has begun */
export function sendWechatFault(
  { clock, log }: WechatShapeDeps,
  response: Response,
  error: unknown,
  toFault: (error: unknown) => DropInFault | undefined = faultOfError,
): void {
  if (response.headersSent) throw error;
  const fault = toFault(error);
  const { requestId } = response.locals;
  if (fault === undefined) log.error({ err: error, requestId }, 'a drop-in request failed');
  const sent = fault ?? faultOfCode(-1, error);
  response.locals.errcode = sent.errcode;
  sendWechatBody(response, sent.body(clock.nowMs()));
}
