const { createTokenClient, WeixinError } = require('@zhongkong/client-sdk');
const { withAccessToken } = require('@zhongkong/client-sdk/fetch');

const tokens = createTokenClient({ server: process.env.TOKEN_SERVER, apiKey: 'k', appId: 'wx' });
tokens.getAccessToken().then((token) => {
  if (typeof withAccessToken(fetch, tokens) === 'function' && typeof WeixinError === 'function')
    console.log(token);
});
