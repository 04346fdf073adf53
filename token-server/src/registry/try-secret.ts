import type { WechatClient } from '@zhongkong/jobs';
import { classifyIssueFault, hintFor, redact } from '@zhongkong/shared';
import { HttpProblem } from '../http/problem.js';

const TIMEOUT_MS = 5_000;

/**
 * Asks WeChat whether it accepts a secret. The stable interface without force is asked in every mode: it leaves the
 * current tokens of both interfaces alone.
 * @throws HttpProblem `upstream_rejected` (422) when WeChat rejects it; `upstream_unavailable` when nobody can tell
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
 */
export async function trySecret(wechat: WechatClient, appId: string, secret: string): Promise<void> {
  const question = { grant_type: 'client_credential', appid: appId, secret, force_refresh: false };
  const answer = await wechat.post('cgi-bin/stable_token', question, TIMEOUT_MS);
  if (answer.is === 'success' && typeof answer.body.access_token === 'string') return;
  if (answer.is === 'fault') {
    const { errcode } = answer.fault;
    const errmsg = redact(answer.fault.errmsg, [secret]);
    const kind = classifyIssueFault(errcode);
    if (kind !== 'transient' && kind !== 'throttled' && kind !== 'exhausted') {
      const why = hintFor(errcode, errmsg)?.en ?? `WeChat answered ${errcode}.`;
      const detail = `WeChat does not accept this secret, so nothing was changed. ${why}`;
      throw new HttpProblem(detail, { code: 'upstream_rejected', status: 422, errcode, errmsg });
    }
  }
  const detail =
    'WeChat could not be asked whether it accepts the secret, so nothing was changed. Try again soon, or add ?try=false to take it untried.';
  throw new HttpProblem(detail, { code: 'upstream_unavailable', retryAfterSeconds: 5 });
}
