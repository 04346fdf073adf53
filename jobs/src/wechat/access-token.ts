import { type Clock, classifyCallFault } from '@zhongkong/shared';
import type { Verdict } from '../keeper/state.js';
import type { WechatAnswer, WechatClient } from './client.js';
import { toFetchOutcome } from './fetch-outcome.js';
import type { AppSettings, CredentialSource } from './source.js';

/**
 * Access tokens, by the endpoint of the app's mode.
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken
 */
export function accessTokenSource(client: WechatClient, clock: Clock): CredentialSource {
  return {
    async fetch(app, force) {
      const requestedAtMs = clock.nowMs();
      const answer = await askForToken(client, app, force);
      const secrets = app.secret === null ? [] : [app.secret];
      return toFetchOutcome(answer, { field: 'access_token', requestedAtMs, secrets });
    },
    async check({ policy }, value) {
      const startedAtMs = clock.nowMs();
      const query = { access_token: value };
      const answer = await client.get('cgi-bin/get_api_domain_ip', query, policy.upstreamTimeoutMs);
      return { startedAtMs, verdict: verdictOf(answer) };
    },
  };
}

async function askForToken(
  client: WechatClient,
  { appId, secret, policy }: AppSettings,
  force: boolean,
): Promise<WechatAnswer> {
  if (secret === null) return { is: 'no-answer', detail: 'no secret is configured', mayBeDone: false };
  const question = { grant_type: 'client_credential', appid: appId, secret };
  return policy.mode === 'stable'
    ? client.post('cgi-bin/stable_token', { ...question, force_refresh: force }, policy.upstreamTimeoutMs)
    : client.get('cgi-bin/token', question, policy.upstreamTimeoutMs);
}

/** A server that does not know the path has not looked at the token either. */
const INVALID_URL = 40066;

/**
 * WeChat checks the token before anything else, so an errcode that is not about the token (a missing permission) proves
 * that the token is alive. Where a quota rejects the call, that may have come before.
 */
function verdictOf(answer: WechatAnswer): Verdict {
  switch (answer.is) {
    case 'success':
      // A gateway's own JSON proves nothing.
      return Array.isArray(answer.body.ip_list) || answer.body.errcode === 0 ? 'alive' : 'unclear';
    case 'no-answer':
      return 'unreachable';
    case 'fault':
      return verdictOfErrcode(answer.fault.errcode);
  }
}

function verdictOfErrcode(errcode: number): Verdict {
  switch (classifyCallFault(errcode)) {
    case 'dead-token':
      return 'dead';
    case 'transient':
    case 'throttled':
      return 'unreachable';
    case 'exhausted':
      return 'unclear';
    default:
      return errcode === INVALID_URL ? 'unclear' : 'alive';
  }
}
