import { describe, expect, it } from '@jest/globals';
import { TokenServerError } from '../errors.js';
import { pauseBeforeRepeating, TRIES_MAX, updateRetryMs } from './repeat-rules.js';

const failed = (status: number, fault: { code?: string; retryAfterSeconds?: number } = {}) => ({
  error: new TokenServerError({ code: 'x', detail: '', status, ...fault }),
  tries: 1,
  leftMs: 10_000,
  random: 1,
});

describe('a question to the token server that failed', () => {
  it.each([
    ['no answer', failed(0), 200],
    ['429', failed(429), 200],
    ['500', failed(500), 200],
    ['503', failed(503), 200],
    ['503 with Retry-After', failed(503, { retryAfterSeconds: 4 }), 4_000],
    ['503 whose Retry-After is longer than the time-out', failed(503, { retryAfterSeconds: 60 }), undefined],
    ['a refusal of the platform', failed(502, { code: 'upstream_rejected' }), undefined],
    ['401', failed(401), undefined],
    ['404', failed(404), undefined],
    ['garbage', failed(200, { code: 'server_garbage' }), undefined],
    ['the third failure', { ...failed(503), tries: 3 }, 800],
    ['the last try', { ...failed(503), tries: TRIES_MAX }, undefined],
    ['no time left', { ...failed(503), leftMs: 200 }, undefined],
  ])('after %s is repeated in that time', (_name, failure, pauseMs) => {
    expect(pauseBeforeRepeating(failure)).toBe(pauseMs);
  });

  it('is asked again in the background further and further apart, and every half minute at least', () => {
    expect([1, 2, 3, 6, 1_000].map((failures) => updateRetryMs(failures, 1))).toEqual([
      1_000, 2_000, 4_000, 30_000, 30_000,
    ]);
    expect(updateRetryMs(1, 0)).toBe(500);
  });
});
