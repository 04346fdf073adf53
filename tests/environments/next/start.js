const http = require('node:http');
const next = require('next');

// The project that `next build` has built.
const app = next({ dev: false, dir: __dirname });

async function main() {
  await app.prepare();
  const server = http.createServer(app.getRequestHandler()).listen(0, '127.0.0.1', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/token`);
    console.log(await answer.text());
    server.close();
    await app.close();
  });
}

main();
