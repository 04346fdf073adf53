import { summary } from '../tools/compare.mjs';

/** From the start of the process to the moment when it listens, with the state of its one app in Redis. */
export async function benchStart({ processes, isSmoke }) {
  const starts = isSmoke ? 1 : 11;
  const platform = await processes.start('platform');
  const redis = await processes.startRedis();
  const took = [];
  for (let start = 0; start <= starts; start += 1) {
    const server = await processes.startServer({ platform: platform.url, redis });
    await server.request('/healthz');
    await server.stop();
    // The first finds nothing in Redis, and nothing in the page cache.
    if (start > 0) took.push(server.listeningMs / 1000);
  }
  return [
    {
      what: 'start of a server with one app (s)',
      ...summary(took),
      wanted: '≤ 0.5',
      more: { seconds: took },
    },
  ];
}
