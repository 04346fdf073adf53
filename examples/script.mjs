// A script that makes one Mini Program code and ends. See README.md for the variables.
import { writeFile } from 'node:fs/promises';
import { initWeixin } from '@zhongkong/client-sdk';

const { ZHONGKONG_URL, ZHONGKONG_API_KEY, APP_ID, WECHAT_API_BASE_URL } = process.env;
const [file = 'code.jpg', scene = 'demo'] = process.argv.slice(2);

const weixin = initWeixin({
  appId: APP_ID,
  tokenServer: { url: ZHONGKONG_URL, apiKey: ZHONGKONG_API_KEY },
  baseUrl: WECHAT_API_BASE_URL,
  // A process that lives for one call needs no updates of the token.
  updates: 'none',
});

const { buffer } = await weixin.wxacode.getUnlimited({ scene });
await writeFile(file, buffer);
console.info(`${file}: ${buffer.byteLength} bytes`);
await weixin.close();
