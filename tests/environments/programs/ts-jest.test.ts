import { createTokenClient, type TokenClient } from '@zhongkong/client-sdk';
import { withAccessToken } from '@zhongkong/client-sdk/axios';

test('the SDK works in ts-jest, types and all', async () => {
  const tokens: TokenClient = createTokenClient({
    server: process.env.TOKEN_SERVER ?? '',
    apiKey: 'k',
    appId: 'wx',
  });
  expect(await tokens.getAccessToken()).toBe('token-1');
  expect(typeof withAccessToken).toBe('function');
  await tokens.close();
});
