import { describe, expect, it } from '@jest/globals';
import { parseObject, readTokenRequest } from './token-request.js';

const fields = { grant_type: 'client_credential', appid: 'wx1', secret: 'key' };
const CALLER = { keys: ['key'], address: '192.0.2.1' };
const errcodeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return (error as { errcode: number }).errcode;
  }
  return 0;
};

describe('a request for a token', () => {
  it('is read with all that an SDK may say', () => {
    expect(readTokenRequest(fields, CALLER)).toEqual({
      appId: 'wx1',
      ...CALLER,
      forceRefresh: false,
      failedToken: undefined,
    });
    for (const force_refresh of [true, 'true'])
      expect(readTokenRequest({ ...fields, force_refresh }, CALLER).forceRefresh).toBe(true);
    expect(readTokenRequest({ ...fields, force_refresh: 'false', current_token: 'T' }, CALLER)).toMatchObject(
      {
        forceRefresh: false,
        failedToken: 'T',
      },
    );
  });

  it.each([
    [{}, 41002],
    [{ ...fields, appid: ['a', 'b'] }, 41002],
    [{ appid: 'wx1', secret: 'key' }, 40002],
    [{ ...fields, secret: '' }, 41004],
    [{ ...fields, force_refresh: 'yes' }, 47001],
    [{ ...fields, force_refresh: 1 }, 47001],
  ])('%j is refused with %i, in the order of WeChat', (given, errcode) => {
    expect(errcodeOf(() => readTokenRequest(given, CALLER))).toBe(errcode);
  });

  it.each([
    ['', 44002],
    [undefined, 44002],
    ['{', 47001],
    ['[]', 47001],
    ['null', 47001],
    ['"x"', 47001],
    ['{}', 0],
  ])('with the body %j is read or refused: %i', (text, errcode) => {
    expect(errcodeOf(() => parseObject(text))).toBe(errcode);
  });
});
