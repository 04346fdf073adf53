// Loaded into a server that is measured (`--import`): answers with what the process uses. It changes nothing in it.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 1 });
if (process.send !== undefined) {
  process.on('message', ({ id, options }) => {
    if (options.isDelayWatched) delay.enable();
    if (options.isCollected) for (let round = 0; round < 3; round += 1) globalThis.gc?.();
    const { heapUsed, external, rss } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const result = {
      heapBytes: heapUsed + external,
      rssBytes: rss,
      cpuMs: (user + system) / 1000,
      delayP99Ms: delay.percentile(99) / 1e6,
      delayMaxMs: delay.max / 1e6,
    };
    delay.reset();
    process.send({ id, result });
  });
  // The channel alone does not keep the server alive.
  process.channel?.unref();
}
