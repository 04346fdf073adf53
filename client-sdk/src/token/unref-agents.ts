import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

/** Keep-alive agents in got's form. */
export interface UnrefAgents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/** What Node's agents have and its types leave out. */
interface SocketMaker {
  createConnection(...settings: unknown[]): Socket;
}

/**
 * Agents whose sockets do not keep the process alive, so that work in the background never does. Who waits for an answer
 * holds the process by `holdProcess`.
 */
export function createUnrefAgents(): UnrefAgents {
  return {
    http: unref(new http.Agent({ keepAlive: true })),
    https: unref(new https.Agent({ keepAlive: true })),
  };
}

export function destroyAgents(agents: UnrefAgents): void {
  agents.http.destroy();
  agents.https.destroy();
}

function unref<T extends http.Agent>(agent: T): T {
  const maker = agent as unknown as SocketMaker;
  const createConnection = maker.createConnection.bind(agent);
  maker.createConnection = (...settings) => createConnection(...settings).unref();
  const reuseSocket = agent.reuseSocket.bind(agent);
  // Node refs a socket again when a request takes it out of the pool.
  agent.reuseSocket = (socket, request) => {
    reuseSocket(socket, request);
    (socket as Socket).unref();
  };
  return agent;
}

const LONG_MS = 2 ** 30;

/** Keeps the process alive until the work is done: somebody waits for it. */
export async function holdProcess<T>(work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => {}, LONG_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
