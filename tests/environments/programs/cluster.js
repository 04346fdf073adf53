// As PM2 runs a service in cluster mode: workers that are told to end by a signal.
const cluster = require('node:cluster');
const { createTokenClient } = require('@zhongkong/client-sdk');

if (cluster.isPrimary) {
  const workers = [cluster.fork(), cluster.fork()];
  let ready = 0;
  cluster.on('message', (_worker, token) => {
    ready += 1;
    if (ready < workers.length) return;
    console.log(token);
    for (const worker of workers) worker.process.kill('SIGINT');
  });
} else {
  const tokens = createTokenClient({ server: process.env.TOKEN_SERVER, apiKey: 'k', appId: 'wx' });
  tokens.getAccessToken().then((token) => process.send(token));
  process.once('SIGINT', async () => {
    await tokens.close();
    process.disconnect();
  });
}
