import type { RequestHandler } from 'express';
import { HEADERS_MAX } from './limits.js';
import { HttpProblem } from './problem.js';

/** Refuses a request with too many headers. Node's own limit would silently drop those beyond it: a key, for example. */
export const limitHeaders: RequestHandler = ({ rawHeaders }, _response, next) => {
  const count = rawHeaders.length / 2;
  if (count <= HEADERS_MAX) return next();
  const detail = {
    en: `The request has ${count} headers; ${HEADERS_MAX} are allowed.`,
    zh: `请求带有 ${count} 个请求头，最多允许 ${HEADERS_MAX} 个。`,
  };
  throw new HttpProblem(detail, { code: 'invalid_request' });
};
