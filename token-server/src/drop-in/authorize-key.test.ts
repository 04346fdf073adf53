import { describe, expect, it } from '@jest/globals';
import { keyForms } from './authorize-key.js';

describe('a key in the place of the secret', () => {
  const key = 'a+b/c=d%41e%zz==';
  it.each([
    ['escaped', `/cgi-bin/token?appid=wx1&secret=${encodeURIComponent(key)}&x=1`],
    ['escaped as a form', `/cgi-bin/token?${new URLSearchParams({ appid: 'wx1', secret: key })}`],
    ['not escaped', `/cgi-bin/token?appid=wx1&secret=${key}&x=1`],
  ])('is found when it is %s', (_how, url) => {
    expect(keyForms(url)).toContain(key);
  });

  it('is empty when there is none', () => {
    expect(keyForms('/cgi-bin/token?mysecret=x')).toEqual(['']);
  });
});
