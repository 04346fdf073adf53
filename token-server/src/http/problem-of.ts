import { type Bilingual, BilingualError, CodedError, hintFor, type ProblemCodeName } from '@zhongkong/shared';
import { NoTokenError } from '../tokens/no-token-error.js';
import { BODY_KIB_MAX } from './limits.js';
import { HttpProblem } from './problem.js';

interface Row {
  readonly code: ProblemCodeName;
  readonly retryAfterSeconds: number;
  /** @defaultValue the error's own text */
  readonly detail?: Bilingual;
}

const BUSY = {
  en: 'Another server has held the refresh lease for too long. Try again soon.',
  zh: '另一台服务器占用刷新租约的时间过长，请稍后重试。',
};
const FAILED = { en: 'The server failed.', zh: '服务器内部出错。' };

/** What each error of our own becomes as an answer, by its code. */
const PROBLEMS: Readonly<Record<string, Row>> = {
  store_unavailable: {
    code: 'store_unavailable',
    retryAfterSeconds: 2,
    detail: {
      en: 'The server cannot reach its Redis, and must not do this without it. Try again soon.',
      zh: '服务器暂时连不上 Redis，此操作不能在没有 Redis 时进行。请稍后重试。',
    },
  },
  lease_busy: { code: 'upstream_unavailable', retryAfterSeconds: 2, detail: BUSY },
  taken_over: { code: 'upstream_unavailable', retryAfterSeconds: 2, detail: BUSY },
  too_many_reports: {
    code: 'rate_limited',
    retryAfterSeconds: 1,
    detail: {
      en: 'Too many requests of this kind are waiting already. Try again in a second.',
      zh: '等待中的同类请求过多，请一秒后重试。',
    },
  },
  too_many_guesses: { code: 'rate_limited', retryAfterSeconds: 1 },
  too_many_streams: { code: 'rate_limited', retryAfterSeconds: 10 },
  too_many_calls: { code: 'rate_limited', retryAfterSeconds: 1 },
  wechat_unreachable: { code: 'upstream_unavailable', retryAfterSeconds: 1 },
  wechat_unreadable: { code: 'upstream_unavailable', retryAfterSeconds: 1 },
  token_missing: { code: 'token_unavailable', retryAfterSeconds: 1 },
  check_unanswered: { code: 'upstream_unavailable', retryAfterSeconds: 1 },
  budget_used_up: { code: 'token_unavailable', retryAfterSeconds: 1 },
  app_paused: { code: 'token_unavailable', retryAfterSeconds: 30 },
  app_removed: { code: 'unknown_app', retryAfterSeconds: 0 },
  push_awaited: { code: 'token_unavailable', retryAfterSeconds: 5 },
};

/** The one table of errors and the problems that they become. An error without a row is `internal`. */
export function problemOf(error: unknown, nowMs: number): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof NoTokenError) return noTokenProblem(error, nowMs);
  const row = error instanceof CodedError ? PROBLEMS[error.code] : undefined;
  if (row !== undefined) {
    const { detail = error instanceof BilingualError ? error.text : FAILED, ...rest } = row;
    return new HttpProblem(detail, { ...rest, cause: error });
  }
  if (error instanceof URIError) {
    const detail = { en: 'The path is not valid.', zh: '路径无效。' };
    return new HttpProblem(detail, { code: 'invalid_request', cause: error });
  }
  return bodyProblem(error) ?? new HttpProblem(FAILED, { code: 'internal', cause: error });
}

/** Express' body parser gives its errors a status. */
function bodyProblem(cause: unknown): HttpProblem | undefined {
  const status = typeof cause === 'object' && cause !== null && 'status' in cause ? cause.status : undefined;
  if (status === 413) {
    const detail = {
      en: `The body is longer than ${BODY_KIB_MAX} KiB.`,
      zh: `请求体超过 ${BODY_KIB_MAX} KiB。`,
    };
    return new HttpProblem(detail, { code: 'payload_too_large', cause });
  }
  if (status !== 400 && status !== 415) return undefined;
  const detail = {
    en: 'The body is not a JSON object in UTF-8.',
    zh: '请求体不是 UTF-8 编码的 JSON 对象。',
  };
  return new HttpProblem(detail, { code: 'invalid_request', cause });
}

function noTokenProblem(error: NoTokenError, nowMs: number): HttpProblem {
  const { failure, retryAtMs, text } = error;
  const row = PROBLEMS[error.code];
  const retryAfterSeconds = retryAtMs === null ? row?.retryAfterSeconds : (retryAtMs - nowMs) / 1000;
  const common = { retryAfterSeconds, cause: error };
  if (failure === undefined) return new HttpProblem(text, { code: 'token_unavailable', ...row, ...common });
  const { kind, errcode, errmsg } = failure;
  const isPassing = kind === 'transient' || kind === 'throttled';
  if (errcode === undefined)
    return new HttpProblem(text, {
      code: kind === 'transient' ? 'upstream_unavailable' : 'token_unavailable',
      ...common,
    });
  const detail = hintFor(errcode, errmsg) ?? wechatAnswered(errcode);
  const code = isPassing ? 'upstream_unavailable' : 'upstream_rejected';
  return new HttpProblem(detail, { code, errcode, errmsg, ...common });
}

export function wechatAnswered(errcode: number): Bilingual {
  return { en: `WeChat answered ${errcode}.`, zh: `微信返回了 ${errcode}。` };
}
