import { createTokenClient } from '@zhongkong/client-sdk';
import { expect, test } from 'vitest';

test('the SDK works in vitest', async () => {
  const tokens = createTokenClient({ server: process.env.TOKEN_SERVER, apiKey: 'k', appId: 'wx' });
  expect(await tokens.getAccessToken()).toBe('token-1');
  await tokens.close();
});
