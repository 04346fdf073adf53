// Instances of a service, each with the SDK and a memory of its own, that all call at once.
import { initWeixin } from '@zhongkong/client-sdk';

let instances = [];

process.on('message', async ({ id, options }) => {
  const { open, calls } = options;
  if (open !== undefined) {
    const { count, appId, url, apiKey, baseUrl } = open;
    instances = Array.from({ length: count }, () =>
      initWeixin({ appId, tokenServer: { url, apiKey }, baseUrl }),
    );
    await Promise.all(instances.map(call));
  }
  const startedAt = performance.now();
  const all = instances.flatMap((instance) => Array.from({ length: calls ?? 0 }, () => call(instance)));
  const settled = await Promise.allSettled(all);
  const tookMs = performance.now() - startedAt;
  process.send({
    id,
    result: { tookMs, failed: settled.filter(({ status }) => status === 'rejected').length },
  });
});

function call(instance) {
  return instance.request({ path: '/cgi-bin/getcallbackip' });
}
