import { jsonInBody } from '@zhongkong/shared';
import { got } from 'got';
import { agentsFor, type WayToWechat } from './agents.js';
import { ANSWER_BYTES_MAX, noAnswer, timeoutsOf } from './client.js';

/** Whether WeChat is there, what its clock says, and by which address it was reached. */
export type WechatReach =
  | {
      readonly is: 'answered';
      /** Whether the answer is JSON, as WeChat's are, and not a page of something on the way. */
      readonly isWechat: boolean;
      readonly status: number;
      /** The header `Date`, in whole seconds; null: there was none that can be read. */
      readonly dateMs: number | null;
      /** When the answer came, by the clock of the caller, and how long it took. */
      readonly receivedAtMs: number;
      readonly tookMs: number;
      /** The other end of the connection: WeChat, or the proxy; null when that is not known. */
      readonly peerAddress: string | null;
    }
  | { readonly is: 'no-answer'; readonly detail: string };

/** It needs a token and is called without one, so that it costs nothing: WeChat answers 41001. */
const PATH = 'cgi-bin/get_api_domain_ip';

/** Asks WeChat a question that changes nothing and counts for no app. Never throws. */
export async function reachWechat(
  baseUrl: string,
  { nowMs, timeoutMs, ...way }: WayToWechat & { readonly nowMs: () => number; readonly timeoutMs: number },
): Promise<WechatReach> {
  const agent = agentsFor(way);
  const sentAtMs = nowMs();
  try {
    const asked = got(PATH, {
      prefixUrl: baseUrl,
      agent,
      retry: { limit: 0 },
      followRedirect: false,
      throwHttpErrors: false,
      headers: { 'user-agent': 'zhongkong' },
      timeout: timeoutsOf(timeoutMs),
      responseType: 'buffer',
      resolveBodyOnly: false,
      isStream: false,
    });
    asked.on('downloadProgress', ({ transferred }) => {
      if (transferred > ANSWER_BYTES_MAX) asked.cancel();
    });
    const { statusCode, headers, rawBody, ip } = await asked;
    const receivedAtMs = nowMs();
    const dateMs = Date.parse(headers.date ?? '');
    return {
      is: 'answered',
      isWechat: jsonInBody(rawBody) !== undefined,
      status: statusCode,
      dateMs: Number.isNaN(dateMs) ? null : dateMs,
      receivedAtMs,
      tookMs: receivedAtMs - sentAtMs,
      peerAddress: ip ?? null,
    };
  } catch (error) {
    return { is: 'no-answer', detail: noAnswer(error).detail };
  } finally {
    agent.http.destroy();
    agent.https.destroy();
  }
}
