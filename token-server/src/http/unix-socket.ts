import { once } from 'node:events';
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { StartError } from '../start-error.js';

/** For the user that runs the server and its group, which the reverse proxy joins. */
const SOCKET_MODE = 0o660;
const CONNECT_TIMEOUT_MS = 2_000;

/** The path of a socket in HOST; undefined for an address. */
export function socketPathOf(host: string): string | undefined {
  return host.startsWith('unix:') ? host.slice('unix:'.length) : undefined;
}

/** Removes the socket file that a dead server has left. @throws StartError when the path is in use */
export async function makeWay(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw new StartError(
      `${path} is there, and it is no socket: remove it, or choose another path with HOST.`,
    );
  const code = await whyNobodyAnswers(path);
  if (code === undefined)
    throw new StartError(`A program listens on ${path}: stop that one, or choose another path with HOST.`);
  if (code !== 'ECONNREFUSED')
    throw new StartError(
      `Whether a program listens on ${path} cannot be found out (${code}): remove that file if none does, or choose another path with HOST.`,
    );
  rmSync(path, { force: true });
}

export function restrict(path: string): void {
  chmodSync(path, SOCKET_MODE);
}

/** Undefined: somebody accepts connections there. */
async function whyNobodyAnswers(path: string): Promise<string | undefined> {
  const socket = connect(path);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'no answer';
  } finally {
    socket.on('error', () => {}).destroy();
  }
}
