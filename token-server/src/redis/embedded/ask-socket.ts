import { connect } from 'node:net';

const TIMEOUT_MS = 2_000;

/**
 * Connects to a unix socket, sends a line, and returns the first piece of the answer.
 * @returns null when nobody listens; an empty text when there is no answer within two seconds
 */
export function askSocket(path: string, line = ''): Promise<string | null> {
  return new Promise((resolve) => {
    const connection = connect(path);
    let answer: string | null = null;
    connection.on('connect', () => {
      answer = '';
      connection.write(line);
    });
    connection.setTimeout(TIMEOUT_MS, () => connection.destroy());
    connection.on('data', (chunk) => {
      answer = String(chunk);
      connection.destroy();
    });
    // 'close' follows every error.
    connection.on('error', () => {});
    connection.on('close', () => resolve(answer));
  });
}

/** Whether a Redis answers on the socket. One that is still loading its files does not count. */
export async function isRedisUp(socket: string): Promise<boolean> {
  return (await askSocket(socket, 'PING\r\n')) === '+PONG\r\n';
}
