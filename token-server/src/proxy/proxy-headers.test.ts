import { describe, expect, it } from '@jest/globals';
import { requestHeaders, responseHeaders } from './proxy-headers.js';

const context = {
  baseUrl: 'https://api.weixin.qq.com',
  requestUrl: 'https://api.weixin.qq.com/cgi-bin/material/get',
  mount: '/proxy/wx1',
  secrets: ['TOKEN/1'],
};
const ADDED = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
};

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
  it('are those that a client needs, and none that steers a server, a cache or a browser', () => {
    const needed = {
      'content-type': 'image/jpeg',
      'content-length': '3',
      'content-disposition': 'attachment; filename="a.jpg"',
      'content-range': 'bytes 0-2/3',
      'wechatmp-signature': 's',
    };
    const refused = {
      'x-accel-redirect': '/etc/passwd',
      'x-sendfile': '/etc/passwd',
      'x-reproxy-url': 'http://evil.example',
      'cache-control': 'public, max-age=3600',
      'surrogate-control': 'max-age=3600',
      expires: 'Fri, 01 Jan 2100 00:00:00 GMT',
      'clear-site-data': '"*"',
      'access-control-allow-origin': '*',
      'set-cookie': ['a=b'],
      'strict-transport-security': 'max-age=1',
      'content-security-policy': 'default-src *',
      refresh: '0; url=http://evil.example',
      link: '<http://evil.example>; rel=preload',
      'alt-svc': 'h3=":443"',
      trailer: 'x',
      server: 'nginx',
    };
    expect(responseHeaders({ ...needed, ...refused }, context)).toEqual({ ...ADDED, ...needed });
  });

  it('hold no token, in whatever form', () => {
    const headers = { 'content-type': 'a/b; x=TOKEN/1', etag: '"TOKEN%2F1"' };
    expect(responseHeaders(headers, context)).toEqual({
      ...ADDED,
      'content-type': 'a/b; x=***',
      etag: '"***"',
    });
  });

  it.each([
    ['https://api.weixin.qq.com/cgi-bin/a?b=1', '/proxy/wx1/cgi-bin/a?b=1'],
    ['https://api.weixin.qq.com/cgi-bin/a?access_token=TOKEN%2F1&b=1', '/proxy/wx1/cgi-bin/a?b=1'],
    ['/cgi-bin/a', '/proxy/wx1/cgi-bin/a'],
    ['next?page=2', '/proxy/wx1/cgi-bin/material/next?page=2'],
    ['?page=2', '/proxy/wx1/cgi-bin/material/get?page=2'],
    ['../a', '/proxy/wx1/cgi-bin/a'],
    ['https://evil.example/cgi-bin/a', undefined],
    ['https://api.weixin.qq.com//evil.example/a', undefined],
    ['http://[', undefined],
  ])('lead a redirect to %s through the proxy: %s', (location, expected) => {
    expect(responseHeaders({ location }, context).location).toBe(expected);
  });
});
