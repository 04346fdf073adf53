const { createTokenClient, initWeixin, TokenServerError, WeixinError } = require('@zhongkong/client-sdk');

let tokens;
afterEach(() => tokens?.close());

test('the SDK works in the CommonJS mode of Jest', async () => {
  tokens = createTokenClient({ server: process.env.TOKEN_SERVER, apiKey: 'k', appId: 'wx' });
  expect(await tokens.getAccessToken()).toBe('token-1');
});

test('its errors are what they say in the realm of Jest', async () => {
  tokens = createTokenClient({
    server: 'http://127.0.0.1:9',
    apiKey: 'k',
    appId: 'wx',
    timeoutMs: 300,
    updates: 'none',
  });
  await expect(tokens.getAccessToken()).rejects.toBeInstanceOf(TokenServerError);
  const weixin = initWeixin({ appId: 'wx', accessToken: 't', baseUrl: 'http://127.0.0.1:9' });
  await expect(weixin.request({ path: '/x' })).rejects.toBeInstanceOf(WeixinError);
});
