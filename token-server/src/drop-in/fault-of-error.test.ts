import { describe, expect, it } from '@jest/globals';
import type { Failure } from '@zhongkong/jobs';
import { CodedError } from '@zhongkong/shared';
import { NoTokenError } from '../tokens/no-token-error.js';
import { faultOfCode } from './drop-in-fault.js';
import { faultOfCall, faultOfError } from './fault-of-error.js';

const WHY = { en: 'why', zh: '原因' };

const failed = (failure: Partial<Failure>) =>
  new NoTokenError(WHY, { code: 'fetch_failed', failure: { errmsg: '', ...failure } as Failure });

describe('the table of errors and faults', () => {
  it.each([
    [faultOfCode(41002), 41002, 'appid missing'],
    [new NoTokenError(WHY, { code: 'token_missing' }), -1, 'system error'],
    [new NoTokenError(WHY, { code: 'budget_used_up' }), 45009, 'reach max api daily quota limit'],
    [new NoTokenError(WHY, { code: 'push_awaited' }), -1, 'system error'],
    [failed({ errcode: 40164, errmsg: 'invalid ip 1.2.3.4 rid: 65a0-1b-2c' }), 40164, 'invalid ip 1.2.3.4'],
    [failed({}), -1, 'system error'],
    [new CodedError('why', { code: 'wechat_unreachable' }), -1, 'system error'],
    [Object.assign(new Error('too long'), { status: 413 }), 47001, 'data format error'],
  ])('%s: errcode %i', (error, errcode, message) => {
    expect(faultOfError(error)).toMatchObject({ errcode, message });
  });

  it('has no row for what nobody foresaw', () => {
    expect(faultOfError(new TypeError('x'))).toBeUndefined();
  });

  it('never answers a call with the fault of a fetch, where 40001 means a wrong secret', () => {
    expect(faultOfCall(failed({ errcode: 40001 }))?.errcode).toBe(-1);
    expect(faultOfCall(faultOfCode(40001))?.errcode).toBe(40001);
  });

  it('sends a request id of this server that begins with the second, as WeChat does', () => {
    const { errcode, errmsg } = faultOfCode(40125).body(0x65a0_0000 * 1000);
    expect(errcode).toBe(40125);
    expect(errmsg).toMatch(/^invalid appsecret rid: 65a00000-[0-9a-f]{8}-[0-9a-f]{8}$/);
  });
});
