import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { type AddressInfo, type Socket, Server as TcpServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import type { TlsSettings } from '../config/tls-files.js';
import type { Logger } from '../logger.js';
import { StartError } from '../start-error.js';
import { createHttpServer, secureContextOf, type Timeouts } from './create-server.js';
import { limitConnections } from './limit-connections.js';
import { oneAtATime } from './one-at-a-time.js';
import { type ReachableUrls, reachableUrls } from './reachable-urls.js';
import { refuseUnreadable } from './send-problem.js';
import { makeWay, restrict, socketPathOf } from './unix-socket.js';
import { watchTls } from './watch-tls.js';

/** Requests under way get this long to end when the server stops. */
const DRAIN_MS = 10_000;
const IDLE_CHECK_MS = 50;
const LISTENERS_MAX = 30;
/** Connections that wait while the process is busy; Node's own 511 is less than what clients open after a restart. */
const BACKLOG = 4_096;

export interface ListenOptions extends Timeouts {
  /** An address, or `unix:` and the path of a socket, which then needs no port. */
  readonly host: string;
  readonly port: number;
  /** Undefined: plain HTTP. */
  readonly tls: TlsSettings | undefined;
  readonly maxConnections: number;
  /** Gets each request first; false: it was left alone. @defaultValue none */
  readonly answersAtOnce?: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug'>;
}

/** Its addresses have the port that it really got. */
export interface Listener extends ReachableUrls {
  /**
   * Accepts no new connection, lets requests under way end, then closes what is left.
   * @param idleGraceMs how long a request that arrives on an open connection is still answered
   */
  drain(idleGraceMs: number): Promise<void>;
}

/** @throws StartError that says what to do when the port, the address or the socket cannot be used */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listener> {
  const { host, port, tls, log, answersAtOnce = () => false } = options;
  const path = socketPathOf(host);
  if (path !== undefined) await makeWay(path);
  const turns = oneAtATime(handler);
  const underWay = new Set<ServerResponse>();
  const latest = new WeakMap<Duplex, ServerResponse>();
  let draining = false;
  function arrive(request: IncomingMessage, response: ServerResponse): void {
    if (draining) response.setHeader('connection', 'close');
    latest.set(request.socket, response);
    if (turns.isFree(request.socket) && answersAtOnce(request, response)) return;
    // Each part that holds something for a request listens for its end.
    response.setMaxListeners(LISTENERS_MAX);
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
    turns.take(request, response);
  }
  const server = createHttpServer(arrive, tls?.material, options);
  limitConnections(server, options.maxConnections, log);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code?.startsWith('ERR_SSL_')) log.debug({ code: error.code }, 'a TLS handshake failed');
    const last = latest.get(socket);
    // The bad bytes may be the body of a request whose answer has begun: nothing can be written into that answer.
    if (last?.headersSent && !(last.writableFinished && last.req.complete)) socket.destroy();
    else refuseUnreadable(error, socket);
  });
  server.listen(path === undefined ? { port, host, backlog: BACKLOG } : { path, backlog: BACKLOG });
  try {
    await once(server, 'listening');
    if (path !== undefined) restrict(path);
  } catch (error) {
    throw new StartError(
      path === undefined
        ? whyNot(error as NodeJS.ErrnoException, host, port)
        : whyNoSocket(error as NodeJS.ErrnoException, path),
      { cause: error },
    );
  }
  const watch =
    tls !== undefined && server instanceof TlsServer
      ? watchTls(tls, { log, apply: (material) => server.setSecureContext(secureContextOf(material)) })
      : undefined;
  const urls =
    path === undefined
      ? reachableUrls(
          server.address() as AddressInfo,
          networkInterfaces(),
          tls === undefined ? 'http' : 'https',
        )
      : { url: `unix:${path}`, networkUrls: [] };
  return {
    ...urls,
    async drain(idleGraceMs) {
      draining = true;
      watch?.stop();
      for (const response of underWay) if (!response.headersSent) response.setHeader('connection', 'close');
      // The HTTP server's own `close` would end idle connections at once; the test of the idle grace holds this line.
      const closed = new Promise((resolve) => TcpServer.prototype.close.call(server, resolve));
      const idleFrom = performance.now() + idleGraceMs;
      const idle = setInterval(() => {
        if (performance.now() < idleFrom) return;
        server.closeIdleConnections();
        // A connection without a first request is not idle for Node.
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      }, IDLE_CHECK_MS);
      // Those too that are still in their TLS handshake, which the HTTP server does not know yet.
      const late = setTimeout(() => {
        server.closeAllConnections();
        for (const socket of sockets) socket.destroy();
      }, DRAIN_MS);
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

function whyNoSocket({ code }: NodeJS.ErrnoException, path: string): string {
  return code === 'EADDRINUSE'
    ? `A program listens on ${path}: stop that one, or choose another path with HOST.`
    : `The socket ${path} cannot be made (${code}): its folder has to be there, and writable for the user that runs the server; else choose another path with HOST.`;
}
