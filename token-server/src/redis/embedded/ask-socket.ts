import { connect } from 'node:net';

const PATIENCE_MS = 2_000;

/**
 * Connects to a unix socket, says one line, and hears what comes back first.
 * @returns null when nobody listens; an empty text when somebody listens and says nothing
 */
export function askSocket(path: string, line = ''): Promise<string | null> {
  return new Promise((resolve) => {
    const connection = connect(path);
    let answer: string | null = null;
    connection.on('connect', () => {
      answer = '';
      connection.write(line);
    });
    connection.setTimeout(PATIENCE_MS, () => connection.destroy());
    connection.on('data', (chunk) => {
      answer = String(chunk);
      connection.destroy();
    });
    // Every end is a 'close' in the end, an error too.
    connection.on('error', () => {});
    connection.on('close', () => resolve(answer));
  });
}

/** Whether a Redis answers there: not while it still reads its files. */
export async function isRedisUp(socket: string): Promise<boolean> {
  return (await askSocket(socket, 'PING\r\n')) === '+PONG\r\n';
}
