// Bare node:http that sends given bytes: what nobody can be faster than in Node.js.
import { createServer } from 'node:http';

/** By path: status, headers as a flat list, body. */
let answers = new Map();
const streams = new Set();
let event;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.method === 'PUT') {
    for (const stream of streams) stream.write(event);
    response.end();
    return;
  }
  if (request.url === '/v1/events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
    streams.add(response);
    response.once('close', () => streams.delete(response));
    return;
  }
  const [status, headers, body] = answers.get(request.url);
  response.writeHead(status, headers).end(body, 'latin1');
});

process.on('message', ({ id, options }) => {
  if (options.answers !== undefined) answers = new Map(Object.entries(options.answers));
  if (options.event !== undefined) event = Buffer.from(options.event);
  process.send({ id, result: null });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
  process.send({ port: server.address().port }),
);
