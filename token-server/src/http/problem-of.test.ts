import { describe, expect, it } from '@jest/globals';
import type { Failure } from '@zhongkong/jobs';
import { BilingualError, CodedError } from '@zhongkong/shared';
import { type NoTokenCode, NoTokenError } from '../tokens/no-token-error.js';
import { HttpProblem } from './problem.js';
import { problemOf } from './problem-of.js';

const NOW_MS = 1_000_000;
const WHY = { en: 'why', zh: '原因' };

const CHINESE = /[一-鿿]/;

function answerTo(error: unknown) {
  const { code, status, text, headers } = problemOf(error, NOW_MS);
  return { code, status, detail: text.en, retryAfter: headers['retry-after'] };
}

function failed(failure: Partial<Failure>): NoTokenError {
  const whole = { kind: 'transient', errmsg: 'x', count: 1, atMs: 0, retryAtMs: 0, ...failure } as Failure;
  return new NoTokenError(WHY, {
    code: 'fetch_failed',
    failure: whole,
    retryAtMs: NOW_MS + 4_200,
  });
}

describe('the table of errors and problems', () => {
  it.each([
    ['store_unavailable', 'store_unavailable', 503, '2'],
    ['lease_busy', 'upstream_unavailable', 503, '2'],
    ['taken_over', 'upstream_unavailable', 503, '2'],
    ['too_many_reports', 'rate_limited', 429, '1'],
    ['too_many_guesses', 'rate_limited', 429, '1'],
    ['too_many_streams', 'rate_limited', 429, '10'],
    ['too_many_calls', 'rate_limited', 429, '1'],
    ['wechat_unreachable', 'upstream_unavailable', 503, '1'],
    ['wechat_unreadable', 'upstream_unavailable', 503, '1'],
  ])('answers an error %s with %s, %i and Retry-After %s', (code, expected, status, retryAfter) => {
    const problem = problemOf(new BilingualError(WHY, { code }), NOW_MS);
    expect(answerTo(problem)).toMatchObject({ code: expected, status, retryAfter });
    expect(problem.bodyIn('zh').title).toMatch(CHINESE);
    expect(problem.bodyIn('zh').detail).toMatch(CHINESE);
  });

  it.each<[NoTokenCode, string, string]>([
    ['token_missing', 'token_unavailable', '1'],
    ['check_unanswered', 'upstream_unavailable', '1'],
    ['budget_used_up', 'token_unavailable', '1'],
    ['push_awaited', 'token_unavailable', '5'],
  ])('answers a missing token %s with %s', (code, expected, retryAfter) => {
    expect(answerTo(new NoTokenError(WHY, { code }))).toEqual({
      code: expected,
      status: 503,
      detail: 'why',
      retryAfter,
    });
  });

  it('tells the client when a later try may go better, at least in one second', () => {
    const error = (retryAtMs: number) => new NoTokenError(WHY, { code: 'budget_used_up', retryAtMs });
    expect(answerTo(error(NOW_MS + 60_000)).retryAfter).toBe('60');
    expect(answerTo(error(NOW_MS - 60_000)).retryAfter).toBe('1');
  });

  it.each<[Partial<Failure>, string, number]>([
    [{ kind: 'transient' }, 'upstream_unavailable', 503],
    [{ kind: 'misconfigured' }, 'token_unavailable', 503],
    [{ kind: 'transient', errcode: -1 }, 'upstream_unavailable', 503],
    [{ kind: 'throttled', errcode: 45011 }, 'upstream_unavailable', 503],
    [{ kind: 'exhausted', errcode: 45009 }, 'upstream_rejected', 502],
    [{ kind: 'misconfigured', errcode: 40125 }, 'upstream_rejected', 502],
  ])('answers a failed fetch %j with %s', (failure, code, status) => {
    expect(answerTo(failed(failure))).toMatchObject({ code, status, retryAfter: '5' });
  });

  it('gives the operator’s hint for an errcode that has one, and WeChat’s own words', () => {
    const failure = failed({ kind: 'misconfigured', errcode: 40125, errmsg: 'invalid appsecret' });
    const problem = problemOf(failure, NOW_MS);
    const body = problem.bodyIn('en');
    expect(body).toMatchObject({ errcode: 40125, errmsg: 'invalid appsecret' });
    expect(body.detail).toMatch(/^The AppSecret is wrong/);
    expect(problem.bodyIn('zh').detail).toMatch(/^AppSecret 错误/);
    expect(answerTo(failed({ errcode: 99999 })).detail).toBe('WeChat answered 99999.');
  });

  it.each([
    [Object.assign(new Error('x'), { status: 413 }), 'payload_too_large'],
    [Object.assign(new Error('x'), { status: 415 }), 'invalid_request'],
    [Object.assign(new Error('x'), { status: 400 }), 'invalid_request'],
    [new URIError('x'), 'invalid_request'],
  ])('answers what Express throws, %s, with %s', (error, code) => {
    expect(answerTo(error).code).toBe(code);
  });

  it('says nothing of an error that nobody foresaw', () => {
    for (const error of [
      new Error('secret'),
      'secret',
      null,
      undefined,
      new CodedError('secret', { code: 'other' }),
    ])
      expect(answerTo(error)).toMatchObject({ code: 'internal', status: 500, detail: 'The server failed.' });
  });

  it('lets a problem through as it is', () => {
    const problem = new HttpProblem(WHY, { code: 'conflict' });
    expect(problemOf(problem, NOW_MS)).toBe(problem);
  });
});
