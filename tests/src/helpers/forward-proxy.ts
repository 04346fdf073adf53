import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { cleanUp } from './clean-up.js';

/** The proxy of a company's network: passes HTTP on, and makes tunnels for HTTPS. */
export interface ForwardProxy {
  /** With user and password, which it wants. */
  readonly url: string;
  /** What it was asked for, as `GET http://host:port/path` or `CONNECT host:port`. */
  readonly requests: string[];
}

export const PROXY_PASSWORD = 'the-password-of-the-proxy';
const EXPECTED = `Basic ${Buffer.from(`user:${PROXY_PASSWORD}`).toString('base64')}`;

export async function startForwardProxy(): Promise<ForwardProxy> {
  const requests: string[] = [];
  const mayPass = ({ method, url, headers }: IncomingMessage) => {
    requests.push(`${method} ${url}`);
    return headers['proxy-authorization'] === EXPECTED;
  };
  const server = createServer((incoming, response) => {
    if (!mayPass(incoming)) {
      response.writeHead(407).end();
      return;
    }
    const { 'proxy-authorization': _own, ...headers } = incoming.headers;
    const outgoing = request(incoming.url ?? '', { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  server.on('connect', (incoming, socket) => {
    if (!mayPass(incoming)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host, port] = (incoming.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
    cleanUp(() => target.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://user:${PROXY_PASSWORD}@127.0.0.1:${port}`, requests };
}
