import { type Clock, classifyCallFault } from '@zhongkong/shared';
import type { Origin, Verdict } from '../core/keeper-state.js';
import type { AppSettings } from './app-settings.js';
import type { CredentialSource } from './credential-source.js';
import { readGrant } from './read-grant.js';
import type { Upstream, UpstreamAnswer } from './upstream.js';

/**
 * An app's access token, by the endpoint of its mode.
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken
 */
export function accessTokenSource(
  upstream: Upstream,
  app: AppSettings,
  origin: Origin,
  clock: Clock,
): CredentialSource {
  const { upstreamTimeoutMs } = app.policy;
  return {
    origin,
    async issue(force) {
      const requestedAtMs = clock.nowMs();
      const answer = await askForToken(upstream, app, force);
      return readGrant(answer, { field: 'access_token', requestedAtMs, secrets: secretsOf(app) });
    },
    async verify(value) {
      const startedAtMs = clock.nowMs();
      const query = { access_token: value };
      return {
        startedAtMs,
        verdict: verdictOf(await upstream.get('cgi-bin/get_api_domain_ip', query, upstreamTimeoutMs)),
      };
    },
  };
}

export function secretsOf({ secret }: AppSettings): string[] {
  return secret === null ? [] : [secret];
}

async function askForToken(
  upstream: Upstream,
  { appId, secret, policy }: AppSettings,
  force: boolean,
): Promise<UpstreamAnswer> {
  if (secret === null) return { is: 'no-answer', detail: 'no secret is configured', delivered: false };
  const grant = { grant_type: 'client_credential', appid: appId, secret };
  return policy.mode === 'stable'
    ? upstream.post('cgi-bin/stable_token', { ...grant, force_refresh: force }, policy.upstreamTimeoutMs)
    : upstream.get('cgi-bin/token', grant, policy.upstreamTimeoutMs);
}

/** An upstream that does not know the path has not looked at the token either. */
const INVALID_URL = 40066;

/**
 * The platform checks the token before anything else, so an errcode that is not about the token (a missing
 * permission) proves that the token is alive. Where a quota refuses the call, it may have come before that check.
 */
function verdictOf(answer: UpstreamAnswer): Verdict {
  if (answer.is === 'success') return 'alive';
  if (answer.is === 'no-answer') return 'unreachable';
  switch (classifyCallFault(answer.fault.errcode)) {
    case 'dead-token':
      return 'dead';
    case 'transient':
    case 'throttled':
      return 'unreachable';
    case 'exhausted':
      return 'unclear';
    default:
      return answer.fault.errcode === INVALID_URL ? 'unclear' : 'alive';
  }
}
