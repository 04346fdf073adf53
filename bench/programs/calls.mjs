// A call of WeChat, beside bare fetch and got, against one server in a process of its own.
import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { initWeixin } from '@zhongkong/client-sdk';
import { got } from 'got';
import { compare } from '../compare.mjs';

const ROUNDS = 15;
const CALLS = 400;
const AT_ONCE = 10;
const ANSWER = JSON.stringify({ errcode: 0, errmsg: 'ok', ip_list: ['1.2.3.4', '5.6.7.8'] });

if (process.argv[2] === 'serve') {
  const headers = { 'content-type': 'application/json', 'content-length': ANSWER.length };
  const server = createServer((_request, response) => response.writeHead(200, headers).end(ANSWER));
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
} else {
  const child = fork(import.meta.filename, ['serve']);
  const port = await new Promise((resolve) => child.once('message', resolve));
  const baseUrl = `http://127.0.0.1:${port}`;
  const path = '/cgi-bin/getcallbackip';
  const weixin = initWeixin({ appId: 'wx', accessToken: 'the-token', baseUrl });
  const url = `${baseUrl}${path}?access_token=the-token`;
  const calls = (call) => async () => {
    const startedAt = performance.now();
    const worker = async () => {
      for (let index = 0; index < CALLS / AT_ONCE; index += 1) await call();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return CALLS / (performance.now() - startedAt);
  };
  const speed = await compare(ROUNDS, {
    sdk: calls(() => weixin.request({ path })),
    fetch: calls(async () => (await fetch(url)).json()),
    // What a service has to write itself, so that no call waits for ever.
    timed: calls(async () => (await fetch(url, { signal: AbortSignal.timeout(10_000) })).json()),
    got: calls(() => got(url).json()),
  });
  child.kill();
  console.log(
    JSON.stringify([
      { what: 'a call, of bare fetch', ...speed('sdk', 'fetch'), wanted: '≥ 0.9' },
      { what: 'a call, of fetch with a time-out', ...speed('sdk', 'timed'), wanted: '≥ 0.9' },
      { what: 'a call, of got', ...speed('sdk', 'got'), wanted: '≥ 1.1' },
    ]),
  );
}
