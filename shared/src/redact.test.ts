import { describe, expect, it } from '@jest/globals';
import { redact, redactQueries } from './redact.js';

describe('a redacted text', () => {
  it.each([
    ['the secret a/b= was refused', ['a/b='], 'the secret *** was refused'],
    ['GET /x?secret=a%2Fb%3D', ['a/b='], 'GET /x?secret=***'],
    ['one two one', ['one'], '*** two ***'],
    ['abcdef', ['abc', 'abcdef'], '***'],
    ['nothing to see', [''], 'nothing to see'],
  ])('%j without %j is %j', (text, secrets, expected) => {
    expect(redact(text, secrets)).toBe(expected);
  });

  it.each([
    [
      'https://a/cgi-bin/x?access_token=T-1&type=jsapi failed',
      'https://a/cgi-bin/x?access_token=***&type=jsapi failed',
    ],
    ['?appid=wx1&secret=S&js_code=C', '?appid=wx1&secret=***&js_code=***'],
    ['{"errcode":40001}', '{"errcode":40001}'],
    ['errcode=40001', 'errcode=40001'],
  ])('shows no secret parameter of a URL: %j', (text, expected) => {
    expect(redactQueries(text)).toBe(expected);
  });
});
