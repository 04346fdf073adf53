import { LeaseBusyError, SaveError, StoreAwayError, TooManyReportsError } from '@zhongkong/jobs';
import { HttpProblem } from './http-problem.js';

/**
 * Why the engine could not do what a request asked for, as an answer.
 * @throws HttpProblem, or the error itself when it is none that was foreseen
 */
export function engineProblem(error: unknown): never {
  const options = { cause: error };
  if (error instanceof TooManyReportsError) {
    const detail = 'Too many requests of this kind wait already. Try again in a second.';
    throw new HttpProblem('rate_limited', { detail, retryAfterSeconds: 1 }, options);
  }
  if (error instanceof StoreAwayError || (error instanceof SaveError && error.reason === 'store-away')) {
    const detail = 'The server cannot reach its Redis, and must not do this without it. Try again soon.';
    throw new HttpProblem('store_unavailable', { detail, retryAfterSeconds: 2 }, options);
  }
  if (error instanceof LeaseBusyError || error instanceof SaveError) {
    const detail = 'Another server is at it for unusually long. Try again soon.';
    throw new HttpProblem('upstream_unavailable', { detail, retryAfterSeconds: 2 }, options);
  }
  throw error;
}
