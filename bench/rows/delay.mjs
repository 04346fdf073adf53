import { measureInTurn, summary } from '../tools/compare.mjs';
import { APP_ID, app } from '../tools/processes.mjs';
import { allHave, bytesOf, TOKEN_PATH, WITH_KEY } from '../tools/requests.mjs';

const PER_SECOND = 5_000;

/** How long the event loop is held up while the server reads and refreshes, beside an idle one. */
export async function benchDelay({ processes, isSmoke }) {
  const [rounds, durationMs] = isSmoke ? [1, 100] : [5, 4_000];
  const platform = await processes.start('platform');
  const redis = await processes.startRedis();
  const apps = [app({ mode: 'classic', policy: { dailyBudget: 100_000 } })];
  const server = await processes.startServer({ platform: platform.url, redis, apps });
  await server.request(TOKEN_PATH);
  const load = await processes.start('load', [], false);
  const requests = [bytesOf('GET', TOKEN_PATH, WITH_KEY)];
  const delay = async (work) => {
    await server.ask({ isDelayWatched: true });
    await work();
    return (await server.ask()).delayP99Ms;
  };
  const rotate = () =>
    server.request(`/v1/apps/${APP_ID}/access-token/rotate`, { method: 'POST', body: '{"force":false}' });
  const slowestReads = [];
  const measured = await measureInTurn(rounds, {
    idle: () => delay(() => new Promise((resolve) => setTimeout(resolve, durationMs))),
    busy: () =>
      delay(async () => {
        await platform.ask({ reset: true });
        const each = setInterval(rotate, 1_000);
        const result = await load.ask({
          port: server.port,
          connections: 32,
          requests,
          durationMs,
          perSecond: PER_SECOND,
        });
        clearInterval(each);
        slowestReads.push(allHave(200, result));
        const { fetches } = await platform.ask();
        if (!isSmoke && fetches < durationMs / 1_000 - 2) throw new Error(`only ${fetches} refreshes`);
      }),
  });
  return [
    {
      what: 'event-loop delay p99 at 5,000 reads/s, beyond idle (ms)',
      ...summary(measured.busy.map((ms, round) => ms - measured.idle[round])),
      wanted: '≤ 10',
      more: {
        delayP99Ms: measured,
        reads: slowestReads.map(({ perSecond, p99Ms, maxMs }) => ({ perSecond, p99Ms, maxMs })),
      },
    },
  ];
}
