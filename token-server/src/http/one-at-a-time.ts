import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that wait on one connection; a client that sends more is disconnected. */
const WAITING_MAX = 100;

interface Connection {
  isBusy: boolean;
  readonly waiting: [IncomingMessage, ServerResponse][];
}

export interface Turns {
  /** Whether a request on this connection would be handled at once. */
  isFree(socket: Socket): boolean;
  readonly take: RequestListener;
}

/**
 * Handles the requests of each connection one after the other. A client may send the next request before it has the
 * answer to the last; Node would handle them all at once, and when the connection ends, close only the first response. So
 * what the others hold (a stream, a slot, a call) would never be released.
 */
export function oneAtATime(handle: RequestListener): Turns {
  const connections = new WeakMap<Socket, Connection>();

  function connectionOf(socket: Socket): Connection {
    const known = connections.get(socket);
    if (known !== undefined) return known;
    const connection: Connection = { isBusy: false, waiting: [] };
    connections.set(socket, connection);
    // Node emits no `close` for a response that was never begun.
    socket.once('close', () => {
      for (const [, response] of connection.waiting.splice(0)) response.emit('close');
    });
    return connection;
  }

  function next(connection: Connection): void {
    const [request, response] = connection.waiting[0] ?? [];
    if (connection.isBusy || request === undefined || response === undefined || !request.socket.writable)
      return;
    connection.waiting.shift();
    connection.isBusy = true;
    response.once('close', () => {
      connection.isBusy = false;
      next(connection);
    });
    handle(request, response);
  }

  return {
    isFree(socket) {
      const connection = connections.get(socket);
      return connection === undefined || !(connection.isBusy || connection.waiting.length > 0);
    },
    take(request, response) {
      const connection = connectionOf(request.socket);
      connection.waiting.push([request, response]);
      if (connection.waiting.length > WAITING_MAX) request.socket.destroy();
      else next(connection);
    },
  };
}
