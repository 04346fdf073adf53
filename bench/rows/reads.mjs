import { measureInTurn, ratioOf } from '../tools/compare.mjs';
import { API_KEY, APP_ID, cpuMsOf } from '../tools/processes.mjs';
import { allHave, bytesOf, copyOf, TOKEN_PATH, WITH_KEY } from '../tools/requests.mjs';

const CONNECTIONS = 32;

/** Reads of one token, beside bare node:http that sends the same bytes, and an Express route that asks Redis. */
export async function benchReads({ processes, isSmoke }) {
  const [rounds, durationMs] = isSmoke ? [1, 50] : [31, 400];
  const platform = await processes.start('platform');
  const redis = await processes.startRedis();
  const server = await processes.startServer({ platform: platform.url, redis });
  const answer = await server.request(TOKEN_PATH);
  const etag = answer.headers.get('etag');
  const whole = await copyOf(answer);
  const unchanged = await copyOf(await server.request(TOKEN_PATH, { headers: { 'if-none-match': etag } }));
  const bare = await processes.start('bare');
  await bare.ask({ answers: { [TOKEN_PATH]: whole, '/304': unchanged } });
  const express = await processes.start('express-redis', [redis.url, API_KEY]);
  const { accessToken, version, expiresAt } = JSON.parse(whole[2]);
  await express.ask({ appId: APP_ID, token: { accessToken, version, expiresAtMs: Date.parse(expiresAt) } });

  const load = await processes.start('load', [], false);
  const reads =
    ({ port, pid }, status, path, headers) =>
    async () => {
      const requests = [bytesOf('GET', path, { ...WITH_KEY, ...headers })];
      const from = cpuMsOf(pid);
      const result = await load.ask({ port, connections: CONNECTIONS, requests, durationMs });
      return { ...allHave(status, result), perCpuSecond: (1000 * result.count) / (cpuMsOf(pid) - from) };
    };
  const known = { 'if-none-match': etag };
  const measured = await measureInTurn(rounds, {
    bare: reads(bare, 200, TOKEN_PATH),
    ours: reads(server, 200, TOKEN_PATH),
    bareUnchanged: reads(bare, 304, '/304', known),
    oursUnchanged: reads(server, 304, TOKEN_PATH, known),
    express: reads(express, 200, TOKEN_PATH),
  });
  const rate = (name) => measured[name].map(({ perSecond }) => perSecond);
  const byCpu = (name) => measured[name].map(({ perCpuSecond }) => perCpuSecond);
  const busy = Math.max(
    ...Object.values(measured)
      .flat()
      .map((one) => one.busy),
  );
  const more = {
    loadGeneratorBusy: busy,
    perSecond: Object.fromEntries(Object.keys(measured).map((name) => [name, rate(name)])),
  };
  return [
    { what: 'read, of bare node:http', ...ratioOf(rate('ours'), rate('bare')), wanted: '≥ 0.85', more },
    {
      what: '304, of bare node:http',
      ...ratioOf(rate('oursUnchanged'), rate('bareUnchanged')),
      wanted: '≥ 0.85',
    },
    {
      what: 'read, of bare node:http, for the same CPU time',
      ...ratioOf(byCpu('ours'), byCpu('bare')),
      wanted: '–',
    },
    {
      what: '304, of bare node:http, for the same CPU time',
      ...ratioOf(byCpu('oursUnchanged'), byCpu('bareUnchanged')),
      wanted: '–',
    },
    { what: 'read, of Express with Redis', ...ratioOf(rate('ours'), rate('express')), wanted: '≥ 6' },
  ];
}
