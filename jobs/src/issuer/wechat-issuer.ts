import { type Clock, classifyCallFault, classifyIssueFault } from '@zhongkong/shared';
import type { Grant, IssueFailure } from '../core/keeper-event.js';
import type { Verdict } from '../core/keeper-state.js';
import type { IssueMode } from '../core/policy.js';
import { createUpstream, type Upstream, type UpstreamAnswer } from './upstream.js';

export interface IssueRequest {
  readonly appId: string;
  readonly secret: string;
  readonly mode: IssueMode;
  readonly force: boolean;
  readonly timeoutMs: number;
}

export type IssueOutcome = { readonly grant: Grant } | { readonly failure: IssueFailure };

/** Whoever issues tokens and can tell whether one is alive. Neither method throws. */
export interface Issuer {
  issue(request: IssueRequest): Promise<IssueOutcome>;
  verify(accessToken: string, timeoutMs: number): Promise<{ startedAtMs: number; verdict: Verdict }>;
}

/** A token is at most 512 characters today; four times that is room enough, and a bound all the same. */
const TOKEN_LENGTH_MAX = 2_048;
const LIFE_SECONDS_MAX = 31 * 86_400;

/**
 * The WeChat platform as issuer.
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken
 */
export function createWechatIssuer(baseUrl: string, clock: Clock): Issuer {
  const upstream = createUpstream(baseUrl);
  return {
    async issue(request) {
      const requestedAtMs = clock.nowMs();
      return outcomeOf(await askForToken(upstream, request), requestedAtMs);
    },
    async verify(accessToken, timeoutMs) {
      const startedAtMs = clock.nowMs();
      const answer = await upstream.get(
        'cgi-bin/get_api_domain_ip',
        { access_token: accessToken },
        timeoutMs,
      );
      return { startedAtMs, verdict: verdictOf(answer) };
    },
  };
}

function askForToken(upstream: Upstream, request: IssueRequest): Promise<UpstreamAnswer> {
  const { appId, secret, mode, force, timeoutMs } = request;
  const grant = { grant_type: 'client_credential', appid: appId, secret };
  return mode === 'stable'
    ? upstream.post('cgi-bin/stable_token', { ...grant, force_refresh: force }, timeoutMs)
    : upstream.get('cgi-bin/token', grant, timeoutMs);
}

function outcomeOf(answer: UpstreamAnswer, requestedAtMs: number): IssueOutcome {
  switch (answer.is) {
    case 'success':
      return grantOf(answer.body, requestedAtMs);
    case 'fault': {
      const { errcode, errmsg } = answer.fault;
      return { failure: { kind: classifyIssueFault(errcode), errcode, errmsg, mayHaveIssued: false } };
    }
    case 'no-answer':
      return { failure: { kind: 'transient', errmsg: answer.detail, mayHaveIssued: answer.delivered } };
  }
}

function grantOf(body: unknown, requestedAtMs: number): IssueOutcome {
  const fields = typeof body === 'object' && body !== null ? body : {};
  const value = 'access_token' in fields ? fields.access_token : undefined;
  const seconds = 'expires_in' in fields ? Number(fields.expires_in) : Number.NaN;
  const valid =
    typeof value === 'string' &&
    /^[\x21-\x7e]+$/.test(value) &&
    value.length <= TOKEN_LENGTH_MAX &&
    seconds > 0 &&
    seconds <= LIFE_SECONDS_MAX;
  if (!valid) {
    const errmsg = 'its answer holds no usable access_token and expires_in';
    return { failure: { kind: 'transient', errmsg, mayHaveIssued: true } };
  }
  return { grant: { value, expiresInMs: seconds * 1_000, requestedAtMs } };
}

/**
 * The platform checks the token before anything else, so every errcode that is not about the token (a quota, a
 * missing permission) proves that the token is alive.
 */
function verdictOf(answer: UpstreamAnswer): Verdict {
  if (answer.is === 'success') return 'alive';
  if (answer.is === 'no-answer') return 'unreachable';
  const kind = classifyCallFault(answer.fault.errcode);
  if (kind === 'dead-token') return 'dead';
  if (kind === 'transient') return 'unreachable';
  return answer.fault.errcode === INVALID_URL ? 'unclear' : 'alive';
}

/** An upstream that does not know the path has not looked at the token either. */
const INVALID_URL = 40066;
