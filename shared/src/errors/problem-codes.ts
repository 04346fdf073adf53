import type { Bilingual } from '../bilingual.js';

interface ProblemCode {
  readonly status: number;
  readonly title: Bilingual;
}

/** Every machine word that an error answer may carry: the one table behind answers, docs and the SDK. */
export const PROBLEM_CODES = {
  invalid_request: { status: 400, title: { en: 'The request is not valid', zh: '请求无效' } },
  unauthorized: { status: 401, title: { en: 'A valid client key is needed', zh: '需要有效的客户端密钥' } },
  forbidden: {
    status: 403,
    title: { en: 'This client key may not do that', zh: '该客户端密钥没有这项权限' },
  },
  unknown_app: { status: 404, title: { en: 'There is no such app', zh: '没有这个应用' } },
  not_found: { status: 404, title: { en: 'There is nothing at this path', zh: '路径不存在' } },
  method_not_allowed: {
    status: 405,
    title: { en: 'This path does not take that method', zh: '该路径不支持这个请求方法' },
  },
  conflict: {
    status: 409,
    title: { en: 'That cannot be done as things stand', zh: '当前状态下不能执行此操作' },
  },
  payload_too_large: { status: 413, title: { en: 'The body is too large', zh: '请求体过大' } },
  invalid_configuration: {
    status: 422,
    title: { en: 'The configuration has faults', zh: '配置有错误' },
  },
  rate_limited: { status: 429, title: { en: 'Too many requests', zh: '请求过多' } },
  internal: { status: 500, title: { en: 'The server failed', zh: '服务器内部错误' } },
  upstream_rejected: { status: 502, title: { en: 'WeChat refused', zh: '被微信拒绝' } },
  upstream_unavailable: { status: 503, title: { en: 'WeChat cannot be reached', zh: '暂时连不上微信' } },
  store_unavailable: { status: 503, title: { en: 'Redis cannot be reached', zh: '暂时连不上 Redis' } },
  token_unavailable: {
    status: 503,
    title: { en: 'There is no token to give out at the moment', zh: '目前没有可用的 token' },
  },
} as const satisfies Record<string, ProblemCode>;

export type ProblemCodeName = keyof typeof PROBLEM_CODES;
