const { start } = require('egg');

async function main() {
  const app = await start({ baseDir: __dirname, mode: 'single', ignoreWarning: true });
  const server = app.listen(0, '127.0.0.1', async () => {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/`);
    console.log(await answer.text());
    server.close();
    await app.close();
    process.exit();
  });
}

main();
