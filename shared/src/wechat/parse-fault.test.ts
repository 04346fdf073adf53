import { describe, expect, it } from '@jest/globals';
import { faultOf, parseWechatJson } from './parse-fault.js';

describe('faults in answers', () => {
  it.each([
    [
      { errcode: 40001, errmsg: 'invalid credential' },
      { errcode: 40001, errmsg: 'invalid credential' },
    ],
    [
      { errcode: '42001', errmsg: 'access_token expired' },
      { errcode: 42001, errmsg: 'access_token expired' },
    ],
    [{ errcode: -1 }, { errcode: -1, errmsg: '' }],
    [{ errcode: 0, errmsg: 'ok' }, undefined],
    [{ access_token: 'x' }, undefined],
    [{ errcode: 'soon' }, undefined],
    ['text', undefined],
    [null, undefined],
  ])('%j is %j', (body, fault) => {
    expect(faultOf(body)).toEqual(fault);
  });

  it('reads JSON with control characters in it, as the platform sends it at times', () => {
    expect(parseWechatJson('{"nickname":"a\u0007b"}')).toEqual({ nickname: 'ab' });
    expect(() => parseWechatJson('<html>')).toThrow(SyntaxError);
  });
});
