// The token from memory, beside co-wechat-api's, and beside the clock that every such read has to look at.
import { createServer } from 'node:http';
import { createTokenClient } from '@zhongkong/client-sdk';
import CoWechatApi from 'co-wechat-api';
import { compare } from '../compare.mjs';

const ROUNDS = 15;
const READS = 300_000;
const PEEKS = 5_000_000;

const facts = { accessToken: 'a'.repeat(136), version: 1, expiresIn: 7200, refreshIn: 60 };
const server = createServer((_request, response) => response.end(JSON.stringify(facts)));
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;
const tokens = createTokenClient({ server: url, apiKey: 'k', appId: 'wx', updates: 'none' });
await tokens.getAccessToken();

const co = new CoWechatApi('wx', 'secret');
await co.saveToken({ accessToken: facts.accessToken, expireTime: Date.now() + 7_000_000 });

const perSecond = (count, startedAt) => count / (performance.now() - startedAt);
const reads = (read) => async () => {
  const startedAt = performance.now();
  for (let index = 0; index < READS; index += 1) await read();
  return perSecond(READS, startedAt);
};
const cached = await compare(ROUNDS, {
  sdk: reads(() => tokens.getAccessToken()),
  co: reads(() => co.ensureAccessToken()),
});

// The result is used, so that nothing is left out by the compiler.
let used = 0;
const peeks = await compare(ROUNDS, {
  peek() {
    const startedAt = performance.now();
    for (let index = 0; index < PEEKS; index += 1) used += tokens.peek().length;
    return perSecond(PEEKS, startedAt);
  },
  clock() {
    const startedAt = performance.now();
    for (let index = 0; index < PEEKS; index += 1) used += performance.now();
    return perSecond(PEEKS, startedAt);
  },
});
if (!(used > 0)) throw new Error('nothing was read');

server.close();
console.log(
  JSON.stringify([
    { what: 'cached read, of ensureAccessToken() of co-wechat-api', ...cached('sdk', 'co'), wanted: '≥ 1.5' },
    { what: 'peek(), of bare performance.now()', ...peeks('peek', 'clock'), wanted: '≥ 0.5' },
  ]),
);
