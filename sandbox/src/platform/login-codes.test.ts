import { describe, expect, it } from '@jest/globals';
import { isOpenid, LoginCodes, openidOf } from './login-codes.js';

const code = '0a1B'.repeat(8);

describe('LoginCodes.redeem', () => {
  it('takes an unknown code of the right form for a fresh one, with an openid that follows from it', () => {
    expect(new LoginCodes().redeem('wx1', code, 0)).toBe(openidOf('wx1', code));
  });

  it('takes a code once', () => {
    const codes = new LoginCodes();
    codes.redeem('wx1', code, 0);
    expect(() => codes.redeem('wx1', code, 1)).toThrow(expect.objectContaining({ errcode: 40163 }));
  });

  it('refuses a code that is five minutes old, and what is no code', () => {
    const codes = new LoginCodes();
    codes.add(code, 'openid', 0);
    for (const bad of [code, 'too-short', `${'x'.repeat(31)}-`]) {
      expect(() => codes.redeem('wx1', bad, 300_000)).toThrow(expect.objectContaining({ errcode: 40029 }));
    }
  });
});

describe('openidOf', () => {
  it('makes openids that differ by app', () => {
    expect(isOpenid(openidOf('wx1', code))).toBe(true);
    expect(openidOf('wx1', code)).not.toBe(openidOf('wx2', code));
  });
});
