import { measureInTurn, ratioOf } from '../tools/compare.mjs';
import { APP_ID } from '../tools/processes.mjs';
import { allHave, bytesOf, TOKEN_PATH, WITH_KEY } from '../tools/requests.mjs';

/** As many reports of one dead token at once as the server lets wait, beside as many reads, each on a connection of its own. */
export async function benchReports({ processes, isSmoke }) {
  const [rounds, count] = isSmoke ? [1, 50] : [5, 10_000];
  const platform = await processes.start('platform');
  const redis = await processes.startRedis();
  const server = await processes.startServer({ platform: platform.url, redis });
  await server.request(TOKEN_PATH);
  const load = await processes.start('load', [], false);
  const burst = async (request) =>
    allHave(200, await load.ask({ port: server.port, connections: count, requests: [request], count }))
      .perSecond;
  const fetches = [];
  const measured = await measureInTurn(rounds, {
    reads: () => burst(bytesOf('GET', TOKEN_PATH, WITH_KEY)),
    async reports() {
      await new Promise((resolve) => setTimeout(resolve, isSmoke ? 0 : 1_500));
      const { version } = await (await server.request(TOKEN_PATH)).json();
      await platform.ask({ kill: APP_ID, reset: true });
      const body = JSON.stringify({ staleVersion: version, errcode: 40001 });
      const rate = await burst(bytesOf('POST', `${TOKEN_PATH}/refresh`, WITH_KEY, body));
      fetches.push((await platform.ask()).fetches);
      return rate;
    },
  });
  return [
    {
      what: `${count} reports at once, of as many reads`,
      ...ratioOf(measured.reports, measured.reads),
      wanted: '≥ 0.5',
      more: { perSecond: measured },
    },
    { what: 'reports, fetches in one round at most', value: Math.max(...fetches), spread: '', wanted: '≤ 1' },
  ];
}
