import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wechatTarget, withToken } from './wechat-target.js';

describe('the target of a proxied call', () => {
  it.each([
    ['/cgi-bin/getcallbackip', '/cgi-bin/getcallbackip', []],
    ['/wxa/getwxacodeunlimit?', '/wxa/getwxacodeunlimit', []],
    ['/cgi-bin/media/get?media_id=a%2Fb&&x', '/cgi-bin/media/get', ['media_id=a%2Fb', 'x']],
    ['/a.b/c~d/_e-f?q=/../%2e%2e//@evil', '/a.b/c~d/_e-f', ['q=/../%2e%2e//@evil']],
    ['/cgi-bin/a?access_token=x&b=1', '/cgi-bin/a', ['b=1']],
    ['/cgi-bin/a?ACCESS%5FTOKEN=x&+access_token+=y&access_token&b=1', '/cgi-bin/a', ['b=1']],
    ['/cgi-bin/tokens', '/cgi-bin/tokens', []],
  ])('%s leads to %s', (target, path, query) => {
    expect(wechatTarget(target)).toEqual({ is: 'target', path, query });
  });

  it.each([
    '/',
    '',
    '//evil.example/cgi-bin/a',
    '/cgi-bin//a',
    '/cgi-bin/a/',
    '/../cgi-bin/a',
    '/cgi-bin/../a',
    '/cgi-bin/..',
    '/cgi-bin/.',
    '/./a',
    '/cgi-bin/%2e%2e/a',
    '/cgi-bin%2Ftoken',
    '/cgi-bin/%74oken',
    '/cgi-bin\\token',
    '/\\evil.example/a',
    '/@evil.example/a',
    '/a:80/b',
    '/cgi-bin/token;x=1',
    '/cgi-bin/a#b',
    '/cgi-bin/a?b#c',
    '/cgi-bin/a?b c',
    '/cgi-bin/a?b=\u00fc',
    '/cgi-bin/a\r\nHost: evil.example',
    '/cgi-bin/a?x\r\nHost: evil.example',
    '/http://evil.example/a',
  ])('%j is malformed', (target) => {
    expect(wechatTarget(target).is).toBe('malformed');
  });

  it.each([
    '/cgi-bin/token',
    '/CGI-BIN/Token?grant_type=client_credential',
    '/cgi-bin/stable_token',
    '/cgi-bin/clear_quota/v2',
    '/cgi-bin/component/api_component_token',
    '/sns',
    '/sns/jscode2session?js_code=1',
    '/sns/oauth2/access_token',
    '/cgi-bin/a?secret=1',
    '/cgi-bin/a?x=1&%73ecret=1',
    '/cgi-bin/a?AppSecret',
  ])('%s is refused', (target) => {
    expect(wechatTarget(target).is).toBe('refused');
  });

  it.each(['http://evil.example/cgi-bin/a', '*', 'cgi-bin/a', ''])('%j is none', (target) => {
    expect(wechatTarget(target).is).toBe('malformed');
  });

  it('is the same path for every reader, on the same host, with one token, whatever was sent', () => {
    const piece = fc.constantFrom(
      '/',
      '..',
      '.',
      '%2f',
      '%5c',
      '\\',
      '//',
      '?',
      '&',
      '#',
      '@',
      ':',
      'evil.example',
      'a',
      '%',
      'access_token=',
      ';',
      ' ',
      '\u0000',
      '%00',
      'http:',
    );
    const wild = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(wild, (target) => {
        const result = wechatTarget(`/${target}`);
        if (result.is !== 'target') return;
        const url = new URL(withToken(result, 'OUR-TOKEN'), 'https://api.weixin.qq.com');
        expect(url.origin).toBe('https://api.weixin.qq.com');
        expect(url.pathname).toBe(result.path);
        expect(url.hash).toBe('');
        expect(url.searchParams.getAll('access_token')).toEqual(['OUR-TOKEN']);
      }),
      { numRuns: 2_000 },
    );
  });
});
