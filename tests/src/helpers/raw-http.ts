import { connect } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A server that has not answered by then waits for the rest of a torn request. */
const PATIENCE_MS = 3_000;

/**
 * Sends bytes as they are on a connection of its own, and reads what comes until the server closes it, an event stream
 * begins, or nothing more is to be expected.
 */
export function sendRaw(url: string, bytes: Buffer, patienceMs = PATIENCE_MS): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(), patienceMs);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (/^content-type: text\/event-stream/im.test(received)) socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close while we still write; a server that is gone refuses.
      if (error.code === 'ECONNREFUSED') reject(error);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(received);
    });
  });
}

/** The first answer on a connection; undefined when there was none. */
export function parseAnswer(text: string): RawAnswer | undefined {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1];
  if (status === undefined) return undefined;
  if (status === '100') return parseAnswer(rest.join('\r\n\r\n'));
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  const body = rest.join('\r\n\r\n');
  return { status: Number(status), headers, body: headers.has('transfer-encoding') ? unchunk(body) : body };
}

function unchunk(text: string): string {
  const [, size = '', rest = ''] = /^([0-9a-f]+)\r\n([\s\S]*)$/i.exec(text) ?? [];
  const length = Number.parseInt(size, 16);
  return length > 0 ? rest.slice(0, length) + unchunk(rest.slice(length + 2)) : '';
}
