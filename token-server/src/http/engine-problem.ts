import { CodedError } from '@zhongkong/shared';
import { HttpProblem } from './http-problem.js';

/**
 * Why the engine could not do what a request asked for, as an answer.
 * @throws HttpProblem, or the error itself when it is none that was foreseen
 */
export function engineProblem(error: unknown): never {
  const options = { cause: error };
  const code = error instanceof CodedError ? error.code : undefined;
  if (code === 'too_many_reports') {
    const detail = 'Too many requests of this kind wait already. Try again in a second.';
    throw new HttpProblem('rate_limited', { detail, retryAfterSeconds: 1 }, options);
  }
  if (code === 'store_unavailable') {
    const detail = 'The server cannot reach its Redis, and must not do this without it. Try again soon.';
    throw new HttpProblem('store_unavailable', { detail, retryAfterSeconds: 2 }, options);
  }
  if (code === 'lease_busy' || code === 'taken_over') {
    const detail = 'Another server has held the refresh lease for too long. Try again soon.';
    throw new HttpProblem('upstream_unavailable', { detail, retryAfterSeconds: 2 }, options);
  }
  throw error;
}
