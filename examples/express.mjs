// An Express service that calls WeChat. See README.md for the variables.
import { once } from 'node:events';
import { initWeixin, WeixinError } from '@zhongkong/client-sdk';
import express from 'express';

const { ZHONGKONG_URL, ZHONGKONG_API_KEY, APP_ID, WECHAT_API_BASE_URL, PORT = '3000' } = process.env;

// One for the whole process: it holds the token in memory and renews it in the background.
const weixin = initWeixin({
  appId: APP_ID,
  tokenServer: { url: ZHONGKONG_URL, apiKey: ZHONGKONG_API_KEY },
  baseUrl: WECHAT_API_BASE_URL,
});

const app = express();

app.get('/addresses', async (_request, response) => {
  const { ipList } = await weixin.request({ path: '/cgi-bin/getcallbackip' });
  response.json(ipList);
});

app.get('/code.jpg', async (request, response) => {
  const { buffer, contentType } = await weixin.wxacode.getUnlimited({
    scene: String(request.query.scene ?? 'demo'),
  });
  response.type(contentType).send(Buffer.from(buffer));
});

// Express passes a rejected handler on to here. A dead token never arrives: the SDK has healed it.
app.use((error, _request, response, _next) => {
  const isWeixin = error instanceof WeixinError;
  response
    .status(isWeixin ? 502 : 500)
    .json(isWeixin ? { errcode: error.errCode, errmsg: error.errMsg } : {});
});

const server = app.listen(Number(PORT), '127.0.0.1');
await once(server, 'listening');
console.info(`http://127.0.0.1:${server.address().port}`);

process.once('SIGTERM', () => {
  server.close();
  void weixin.close();
});
