// A Koa service that calls WeChat. See README.md for the variables.
import { once } from 'node:events';
import { initWeixin, WeixinError } from '@zhongkong/client-sdk';
import Koa from 'koa';

const { ZHONGKONG_URL, ZHONGKONG_API_KEY, APP_ID, WECHAT_API_BASE_URL, PORT = '3000' } = process.env;

// One for the whole process: it holds the token in memory and renews it in the background.
const weixin = initWeixin({
  appId: APP_ID,
  tokenServer: { url: ZHONGKONG_URL, apiKey: ZHONGKONG_API_KEY },
  baseUrl: WECHAT_API_BASE_URL,
});

const app = new Koa();

// A dead token never arrives here: the SDK has healed it.
app.use(async (context, next) => {
  try {
    await next();
  } catch (error) {
    if (!(error instanceof WeixinError)) throw error;
    context.status = 502;
    context.body = { errcode: error.errCode, errmsg: error.errMsg };
  }
});

app.use(async (context) => {
  if (context.path === '/addresses') {
    const { ipList } = await weixin.request({ path: '/cgi-bin/getcallbackip' });
    context.body = ipList;
  } else if (context.path === '/code.jpg') {
    const { buffer, contentType } = await weixin.wxacode.getUnlimited({
      scene: context.query.scene ?? 'demo',
    });
    context.type = contentType;
    context.body = Buffer.from(buffer);
  }
});

const server = app.listen(Number(PORT), '127.0.0.1');
await once(server, 'listening');
console.info(`http://127.0.0.1:${server.address().port}`);

process.once('SIGTERM', () => {
  server.close();
  void weixin.close();
});
