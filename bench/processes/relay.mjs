// The least that a proxy can be: bare node:http that passes each call on by undici, with the token added.
import { createServer } from 'node:http';
import { Pool } from 'undici';

const [platform, token] = process.argv.slice(2);
const pool = new Pool(platform, { connections: 256 });
const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  const path = `${request.url}?access_token=${token}`;
  const answer = await pool.request({ path, method: 'GET' });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  response
    .writeHead(answer.statusCode, {
      'content-type': answer.headers['content-type'],
      'content-length': bytes.length,
    })
    .end(bytes);
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
