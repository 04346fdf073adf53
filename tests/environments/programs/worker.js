const { isMainThread, parentPort, Worker } = require('node:worker_threads');
const { createTokenClient } = require('@zhongkong/client-sdk');

const tokens = createTokenClient({ server: process.env.TOKEN_SERVER, apiKey: 'k', appId: 'wx' });
if (isMainThread) {
  const worker = new Worker(__filename);
  worker.once('message', async (token) => {
    // Each thread has its own client; both end by themselves.
    console.log(token === (await tokens.getAccessToken()) ? token : 'another token');
  });
} else {
  tokens.getAccessToken().then((token) => parentPort.postMessage(token));
}
