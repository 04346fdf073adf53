import { createTokenClient } from '@zhongkong/client-sdk';

createTokenClient({
  server: process.env.TOKEN_SERVER,
  apiKey: 'k',
  appId: 'wx',
  onEvent: ({ type }) => type === 'updates' && console.log('streaming'),
});
setInterval(() => {}, 60_000);
