const Koa = require('koa');
const { createTokenClient } = require('@zhongkong/client-sdk');

const tokens = createTokenClient({ server: process.env.TOKEN_SERVER, apiKey: 'k', appId: 'wx' });
const app = new Koa();
app.use(async (context) => {
  context.body = await tokens.getAccessToken();
});
const server = app.listen(0, '127.0.0.1', async () => {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`);
  console.log(await answer.text());
  server.close();
});
