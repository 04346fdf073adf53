import { once } from 'node:events';
import { connect } from 'node:net';

/**
 * Sends one command to the Redis on a unix socket, without the ways of a client that connects again and again.
 * @returns the first line of the answer, or null when nobody answers
 */
export async function askRedis(socket: string, command: string): Promise<string | null> {
  const connection = connect(socket);
  try {
    await once(connection, 'connect');
    connection.write(`${command}\r\n`);
    const [answer] = await once(connection, 'data');
    return String(answer).split('\r\n')[0] ?? '';
  } catch {
    return null;
  } finally {
    connection.destroy();
  }
}

/** Whether a Redis answers there: not while it still reads its files. */
export async function isUp(socket: string): Promise<boolean> {
  return (await askRedis(socket, 'PING')) === '+PONG';
}
