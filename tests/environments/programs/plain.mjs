import { createTokenClient, WeixinError } from '@zhongkong/client-sdk';
import { withAccessToken } from '@zhongkong/client-sdk/fetch';

const tokens = createTokenClient({ server: process.env.TOKEN_SERVER, apiKey: 'k', appId: 'wx' });
const token = await tokens.getAccessToken();
if (typeof withAccessToken(fetch, tokens) === 'function' && typeof WeixinError === 'function')
  console.log(token);
