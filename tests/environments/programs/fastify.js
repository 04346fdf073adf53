const fastify = require('fastify');
const { createTokenClient } = require('@zhongkong/client-sdk');

const tokens = createTokenClient({ server: process.env.TOKEN_SERVER, apiKey: 'k', appId: 'wx' });
const app = fastify();
app.get('/', () => tokens.getAccessToken());
app.addHook('onClose', () => tokens.close());
app.listen({ port: 0, host: '127.0.0.1' }).then(async (url) => {
  console.log(await (await fetch(url)).text());
  await app.close();
});
