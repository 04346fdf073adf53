const express = require('express');
const { createTokenClient } = require('@zhongkong/client-sdk');

const tokens = createTokenClient({ server: process.env.TOKEN_SERVER, apiKey: 'k', appId: 'wx' });
const app = express();
app.get('/', async (_request, response) => {
  response.send(await tokens.getAccessToken());
});
const server = app.listen(0, '127.0.0.1', async () => {
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/`);
  console.log(await answer.text());
  // Nothing of the SDK keeps the process alive.
  server.close();
});
