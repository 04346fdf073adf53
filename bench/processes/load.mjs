// A load generator on bare sockets: it costs less than what it measures, where a client of HTTP would cost as much.
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

const HEAD_END = Buffer.from('\r\n\r\n');
/** More would not fit into the backlog of a server that is busy. */
const CONNECT_AT_ONCE = 200;
const CHUNKS_END = Buffer.from('0\r\n\r\n');

process.on('message', async ({ id, options }) => {
  try {
    process.send({ id, result: await generateLoad(options) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});

/**
 * Sends requests over so many connections, each when the answer to the one before is there.
 * @param {object} options `requests`: their bytes, sent in turn; `durationMs`, or `count` for so many in all;
 * `perSecond`: no more than that
 */
async function generateLoad({ port, connections, requests, durationMs = 0, count = 0, perSecond = 0 }) {
  const bytes = requests.map((request) => Buffer.from(request, 'latin1'));
  const sockets = [];
  while (sockets.length < connections) {
    const batch = Math.min(CONNECT_AT_ONCE, connections - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: batch }, () => open(port)))));
  }
  const took = [];
  const statuses = {};
  const idle = [];
  let sent = 0;
  let isOver = false;
  const busyFrom = performance.eventLoopUtilization();
  const startedAt = performance.now();
  let lastAt = startedAt;
  await new Promise((resolve, reject) => {
    let open = connections;
    const mayStart = () => {
      if (isOver || (count > 0 && sent >= count)) return false;
      return perSecond === 0 || sent < ((performance.now() - startedAt) / 1000) * perSecond;
    };
    const isDone = () => isOver || (count > 0 && sent >= count);
    const end = () => {
      open -= 1;
      if (open === 0) resolve();
    };
    const next = (connection) => {
      if (isDone()) return end();
      if (!mayStart()) return void idle.push(connection);
      connection.sentAt = performance.now();
      connection.socket.write(bytes[sent++ % bytes.length]);
    };
    for (const connection of sockets) {
      connection.socket.on('error', reject);
      connection.socket.on(
        'close',
        () => connection.isExpected || reject(new Error('a connection was closed')),
      );
      connection.onAnswer = (status) => {
        lastAt = performance.now();
        took.push(lastAt - connection.sentAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
        next(connection);
      };
      next(connection);
    }
    const pace = setInterval(() => {
      for (const connection of idle.splice(0)) next(connection);
    }, 1);
    if (durationMs > 0)
      setTimeout(() => {
        isOver = true;
        for (const connection of idle.splice(0)) next(connection);
      }, durationMs);
    if (perSecond === 0) clearInterval(pace);
    else pace.unref();
  });
  const { utilization } = performance.eventLoopUtilization(busyFrom);
  for (const connection of sockets) {
    connection.isExpected = true;
    connection.socket.destroy();
  }
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
  return {
    count: took.length,
    tookMs: lastAt - startedAt,
    perSecond: took.length / ((lastAt - startedAt) / 1000),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    statuses,
    busy: utilization,
  };
}

function open(port) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    const connection = { socket, sentAt: 0, onAnswer() {} };
    let waiting = null;
    socket.on('data', (chunk) => {
      const all = waiting === null ? chunk : Buffer.concat([waiting, chunk]);
      const status = statusOfWhole(all);
      waiting = status === null ? all : null;
      if (status !== null) connection.onAnswer(status);
    });
    socket.once('error', reject);
    socket.once('connect', () => resolve(connection));
  });
}

/** The status of an answer; null as long as it has not arrived as a whole. */
function statusOfWhole(bytes) {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return null;
  const head = bytes.latin1Slice(0, end).toLowerCase();
  const status = head.slice(9, 12);
  const body = bytes.length - end - HEAD_END.length;
  const from = head.indexOf('content-length: ');
  if (from !== -1) return body >= Number.parseInt(head.slice(from + 16), 10) ? status : null;
  if (!head.includes('transfer-encoding: chunked')) return status;
  return bytes.subarray(-CHUNKS_END.length).equals(CHUNKS_END) ? status : null;
}
