import { describe, expect, it } from '@jest/globals';
import { parseProxyUrl, proxyFor } from './way-out.js';

const HTTPS_PROXY = new URL('http://proxy.example:3128');
const HTTP_PROXY = new URL('http://proxy.example:3129');
const WECHAT = 'https://api.weixin.qq.com';

describe('the proxy for WeChat', () => {
  it('is the one of the scheme of its URL, and none where none is named', () => {
    expect(proxyFor(WECHAT, { HTTPS_PROXY, HTTP_PROXY })).toBe(HTTPS_PROXY);
    expect(proxyFor('http://127.0.0.1:7201', { HTTPS_PROXY, HTTP_PROXY })).toBe(HTTP_PROXY);
    expect(proxyFor(WECHAT, { HTTP_PROXY })).toBeUndefined();
    expect(proxyFor(WECHAT, {})).toBeUndefined();
  });

  it.each([
    ['api.weixin.qq.com', true],
    ['API.WEIXIN.QQ.COM', true],
    ['localhost, .qq.com', true],
    ['localhost *.weixin.qq.com', true],
    ['qq.com', true],
    ['api.weixin.qq.com:443', true],
    ['*', true],
    ['api.weixin.qq.com:80', false],
    ['q.com', false],
    ['xapi.weixin.qq.com', false],
    [',', false],
  ])('is passed by when NO_PROXY is "%s": %s', (NO_PROXY, isDirect) => {
    expect(proxyFor(WECHAT, { HTTPS_PROXY, NO_PROXY })).toBe(isDirect ? undefined : HTTPS_PROXY);
  });
});

describe('the URL of a proxy', () => {
  it.each([
    ['http://proxy.example:3128', 'http://proxy.example:3128/'],
    ['proxy.example:3128', 'http://proxy.example:3128/'],
    ['https://user:pass%40word@proxy.example', 'https://user:pass%40word@proxy.example/'],
  ])('may be %s', (text, url) => {
    expect(parseProxyUrl(text)?.href).toBe(url);
  });

  it.each(['socks5://proxy.example:1080', 'http://', 'ftp://proxy.example', ' '])('may not be %s', (text) => {
    expect(parseProxyUrl(text)).toBeUndefined();
  });
});
