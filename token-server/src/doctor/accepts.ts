import { once } from 'node:events';
import { connect, type NetConnectOpts } from 'node:net';

/** Whether somebody accepts a connection there; it is closed at once, and nothing is sent. */
export async function accepts(target: NetConnectOpts, withinMs: number): Promise<boolean> {
  const socket = connect(target);
  // A later error, too, is no reason to end this process.
  socket.on('error', () => {});
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(withinMs) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
