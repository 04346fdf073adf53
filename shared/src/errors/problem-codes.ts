interface ProblemCode {
  readonly status: number;
  readonly title: string;
}

/** Every machine word that an error answer may carry: the one table behind answers, docs and the SDK. */
export const PROBLEM_CODES = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'A valid client key is needed' },
  forbidden: { status: 403, title: 'This client key may not do that' },
  unknown_app: { status: 404, title: 'There is no such app' },
  not_found: { status: 404, title: 'There is nothing at this path' },
  method_not_allowed: { status: 405, title: 'This path does not take that method' },
  conflict: { status: 409, title: 'That cannot be done as things stand' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  invalid_configuration: { status: 422, title: 'The configuration has faults' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'The server failed' },
  upstream_rejected: { status: 502, title: 'WeChat refused' },
  upstream_unavailable: { status: 503, title: 'WeChat cannot be reached' },
  store_unavailable: { status: 503, title: 'Redis cannot be reached' },
  token_unavailable: { status: 503, title: 'There is no token to give out at the moment' },
} as const satisfies Record<string, ProblemCode>;

export type ProblemCodeName = keyof typeof PROBLEM_CODES;
