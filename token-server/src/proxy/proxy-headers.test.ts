import { describe, expect, it } from '@jest/globals';
import { requestHeaders, responseHeaders } from './proxy-headers.js';

const context = { baseUrl: 'https://api.weixin.qq.com', mount: '/proxy/wx1', secrets: ['TOKEN/1'] };

describe('the headers of a proxied request', () => {
  it('are those that WeChat uses, and an answer without compression', () => {
    expect(
      requestHeaders({
        accept: 'a/b',
        'content-type': 'application/json',
        'if-none-match': '"1"',
        'wechatmp-signature': 's',
        authorization: 'Bearer key',
        cookie: 'c',
        host: 'zhongkong',
        'x-forwarded-for': '1.2.3.4',
        'accept-encoding': 'gzip',
      }),
    ).toEqual({
      accept: 'a/b',
      'content-type': 'application/json',
      'if-none-match': '"1"',
      'wechatmp-signature': 's',
      'user-agent': 'zhongkong',
      'accept-encoding': 'identity',
    });
  });

  it('lose those that the client names in Connection', () => {
    expect(requestHeaders({ connection: 'close, Range', range: 'bytes=0-1' })).not.toHaveProperty('range');
  });
});

describe('the headers of a proxied answer', () => {
  it('hold no token, in whatever form', () => {
    const headers = { 'content-type': 'a/b; x=TOKEN/1', etag: '"TOKEN%2F1"' };
    expect(responseHeaders(headers, context)).toEqual({ 'content-type': 'a/b; x=***', etag: '"***"' });
  });

  it.each([
    ['https://api.weixin.qq.com/cgi-bin/a?b=1', '/proxy/wx1/cgi-bin/a?b=1'],
    ['https://api.weixin.qq.com/cgi-bin/a?access_token=TOKEN%2F1&b=1', '/proxy/wx1/cgi-bin/a?b=1'],
    ['/cgi-bin/a', '/proxy/wx1/cgi-bin/a'],
    ['https://evil.example/cgi-bin/a', undefined],
    ['https://api.weixin.qq.com//evil.example/a', undefined],
    ['http://[', undefined],
  ])('lead a redirect to %s through the proxy: %s', (location, expected) => {
    expect(responseHeaders({ location }, context).location).toBe(expected);
  });
});
