import { measureInTurn, summary } from '../tools/compare.mjs';
import { API_KEY, APP_ID } from '../tools/processes.mjs';

const ALLOWED_MS = 200;

/** All instances of a service find at once that the token has died. */
export async function benchStorm({ processes, isSmoke }) {
  const [rounds, count, calls] = isSmoke ? [1, 2, 5] : [9, 20, 50];
  const platform = await processes.start('platform');
  const redis = await processes.startRedis();
  // No wait between checks and fetches besides those that the design has: each round is a death of its own.
  const server = await processes.startServer({ platform: platform.url, redis });
  const instances = await processes.start('instances', [], false);
  await instances.ask({
    open: { count, appId: APP_ID, url: server.url, apiKey: API_KEY, baseUrl: platform.url },
  });
  const measured = await measureInTurn(rounds, {
    calm: () => instances.ask({ calls }),
    async dead() {
      // A check answers for a second; the death of the round before is over by then.
      await new Promise((resolve) => setTimeout(resolve, isSmoke ? 0 : 1_500));
      await platform.ask({ kill: APP_ID, reset: true });
      const result = await instances.ask({ calls });
      return { ...result, ...(await platform.ask()) };
    },
  });
  const { calm, dead } = measured;
  const most = (figure) => Math.max(...dead.map((one) => one[figure]));
  const least = Math.min(...dead.map(({ fetches }) => fetches));
  if (least !== 1) throw new Error('a dead token was not fetched anew');
  return [
    {
      what: 'storm, of twice the calm plus 200 ms',
      ...summary(dead.map(({ tookMs }, round) => tookMs / (2 * calm[round].tookMs + ALLOWED_MS))),
      wanted: '≤ 1',
      more: { calmMs: calm.map(({ tookMs }) => tookMs), deadMs: dead.map(({ tookMs }) => tookMs) },
    },
    { what: 'storm, failed calls', value: most('failed'), spread: '', wanted: '≤ 0' },
    { what: 'storm, fetches in one round at most', value: most('fetches'), spread: '', wanted: '≤ 1' },
  ];
}
