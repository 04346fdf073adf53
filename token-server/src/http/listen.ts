import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as TcpServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { StartError } from '../start-error.js';
import { oneAtATime } from './one-at-a-time.js';
import { type ReachableUrls, reachableUrls } from './reachable-urls.js';
import { refuseUnreadable } from './send-problem.js';

/** Requests under way get this long to end when the server stops. */
const DRAIN_MS = 10_000;
const IDLE_CHECK_MS = 50;
/** A client that sends slower than this is disconnected; the body of an upload through the proxy may take longer. */
const HEADERS_TIMEOUT_MS = 30_000;
const REQUEST_TIMEOUT_MS = 300_000;
/** Longer than the minute after which load balancers usually close an idle connection, so that they close first. */
const KEEP_ALIVE_MS = 65_000;

const LISTENERS_MAX = 30;
/** Connections that wait while the process is busy; Node's own 511 is less than what clients open after a restart. */
const BACKLOG = 4_096;

/** Its addresses have the port that it really got. */
export interface Listener extends ReachableUrls {
  /**
   * Accepts no new connection, lets requests under way end, then closes what is left.
   * @param idleGraceMs how long a request that arrives on an open connection is still answered
   */
  drain(idleGraceMs: number): Promise<void>;
}

/** @throws StartError that says what to do when the port or the address cannot be used */
export async function listen(handler: RequestListener, host: string, port: number): Promise<Listener> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    oneAtATime(handler),
  );
  const underWay = new Set<ServerResponse>();
  const latest = new WeakMap<Duplex, ServerResponse>();
  let draining = false;
  server.prependListener('request', (request, response: ServerResponse) => {
    if (draining) response.setHeader('connection', 'close');
    // Each part that holds something for a request listens for its end.
    response.setMaxListeners(LISTENERS_MAX);
    latest.set(request.socket, response);
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });
  server.on('clientError', (error, socket) => {
    const last = latest.get(socket);
    // The bad bytes may be the body of a request whose answer has begun: nothing can be written into that answer.
    if (last?.headersSent && !(last.writableFinished && last.req.complete)) socket.destroy();
    else refuseUnreadable(error, socket);
  });
  server.listen({ port, host, backlog: BACKLOG });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StartError(whyNot(error as NodeJS.ErrnoException, host, port), { cause: error });
  }
  return {
    ...reachableUrls(server.address() as AddressInfo, networkInterfaces()),
    async drain(idleGraceMs) {
      draining = true;
      for (const response of underWay) if (!response.headersSent) response.setHeader('connection', 'close');
      // The HTTP server's own `close` would end idle connections at once; the test of the idle grace holds this line.
      const closed = new Promise((resolve) => TcpServer.prototype.close.call(server, resolve));
      const idleFrom = performance.now() + idleGraceMs;
      const idle = setInterval(() => {
        if (performance.now() >= idleFrom) server.closeIdleConnections();
      }, IDLE_CHECK_MS);
      const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      server.close();
      clearInterval(idle);
      clearTimeout(late);
    },
  };
}

function whyNot({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by another program: stop that one, or choose another port with PORT (PORT=0 takes a free one).`;
    case 'EACCES':
      return `Port ${port} may not be used without more rights: choose one above 1023 with PORT.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine: correct HOST (127.0.0.1 for this machine only, 0.0.0.0 for all networks).`;
    default:
      return `The server cannot listen on ${host}:${port}: ${message}.`;
  }
}
