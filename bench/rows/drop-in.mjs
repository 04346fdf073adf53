import { measureInTurn, ratioOf } from '../tools/compare.mjs';
import { API_KEY, APP_ID } from '../tools/processes.mjs';
import { allHave, bytesOf, copyOf } from '../tools/requests.mjs';

const CONNECTIONS = 32;
const PATH = `/cgi-bin/token?grant_type=client_credential&appid=${APP_ID}&secret=${API_KEY}`;

/**
 * The token in WeChat's shape. Each read comes from an address of its own: a caller that asks twice says that its token
 * has failed, and is answered after a check.
 */
export async function benchDropIn({ processes, isSmoke }) {
  const [rounds, count] = isSmoke ? [1, 64] : [9, 4_000];
  const platform = await processes.start('platform');
  const redis = await processes.startRedis();
  const environment = { TRUST_PROXY: 'loopback' };
  const server = await processes.startServer({ platform: platform.url, redis, environment });
  const bare = await processes.start('bare');
  await bare.ask({ answers: { [PATH]: await copyOf(await server.request(PATH)) } });
  const load = await processes.start('load', [], false);
  let callers = 0;
  const reads = (port) => async () => {
    const requests = Array.from({ length: count }, () => {
      callers += 1;
      return bytesOf('GET', PATH, { 'x-forwarded-for': addressOf(callers) });
    });
    return allHave(200, await load.ask({ port, connections: CONNECTIONS, requests, count })).perSecond;
  };
  const measured = await measureInTurn(rounds, { bare: reads(bare.port), ours: reads(server.port) });
  return [
    {
      what: 'drop-in read, of bare node:http',
      ...ratioOf(measured.ours, measured.bare),
      wanted: '≥ 0.6',
      more: { perSecond: measured },
    },
  ];
}

function addressOf(number) {
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}
