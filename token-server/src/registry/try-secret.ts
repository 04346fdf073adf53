import type { WechatAnswer, WechatClient } from '@zhongkong/jobs';
import { classifyIssueFault, type Hint, hintFor, redact } from '@zhongkong/shared';
import { HttpProblem } from '../http/problem.js';

const TIMEOUT_MS = 5_000;

/**
 * Asks WeChat about a secret. The stable interface without force is asked in every mode: it leaves the current tokens of
 * both interfaces alone. What WeChat says is without the secret.
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
 */
export async function askAboutSecret(
  wechat: WechatClient,
  appId: string,
  secret: string,
): Promise<WechatAnswer> {
  const question = { grant_type: 'client_credential', appid: appId, secret, force_refresh: false };
  const answer = await wechat.post('cgi-bin/stable_token', question, TIMEOUT_MS);
  if (answer.is !== 'fault') return answer;
  const { errcode, errmsg } = answer.fault;
  return { is: 'fault', fault: { errcode, errmsg: redact(errmsg, [secret]) } };
}

/**
 * Asks WeChat whether it accepts a secret.
 * @throws HttpProblem `upstream_rejected` (422) when WeChat rejects it; `upstream_unavailable` when nobody can tell
 */
export async function trySecret(wechat: WechatClient, appId: string, secret: string): Promise<void> {
  const answer = await askAboutSecret(wechat, appId, secret);
  if (answer.is === 'success' && typeof answer.body.access_token === 'string') return;
  if (answer.is === 'fault') {
    const { errcode, errmsg } = answer.fault;
    const kind = classifyIssueFault(errcode);
    if (kind !== 'transient' && kind !== 'throttled' && kind !== 'exhausted') {
      const why: Hint = hintFor(errcode, errmsg) ?? {
        en: `WeChat answered ${errcode}.`,
        zh: `微信返回 ${errcode}。`,
      };
      const detail = {
        en: `WeChat does not accept this secret, so nothing was changed. ${why.en}`,
        zh: `微信不接受这个 AppSecret，未做任何更改。${why.zh}`,
      };
      throw new HttpProblem(detail, { code: 'upstream_rejected', status: 422, errcode, errmsg });
    }
  }
  const detail = {
    en: 'WeChat could not be asked whether it accepts the secret, so nothing was changed. Try again soon, or add ?try=false to take it untried.',
    zh: '暂时无法向微信验证这个 AppSecret，未做任何更改。请稍后重试，或加上 ?try=false 跳过验证。',
  };
  throw new HttpProblem(detail, { code: 'upstream_unavailable', retryAfterSeconds: 5 });
}
