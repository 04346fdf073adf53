// Readers of events on bare sockets, and the one who pushes a new token: the same clock sees both.
import { connect } from 'node:net';

const CONNECT_AT_ONCE = 200;
const sockets = [];
let marker = '';
let onSeen = () => {};

process.on('message', async ({ id, options }) => {
  try {
    process.send({ id, result: options.open ? await open(options.open) : await push(options.push) });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});

/** Opens streams with each of these requests in turn, until each has got its first bytes. */
async function open({ port, count, requests, isNew = true }) {
  if (isNew) for (const socket of sockets.splice(0)) socket.destroy();
  for (let from = 0; from < count; from += CONNECT_AT_ONCE) {
    const batch = Array.from({ length: Math.min(CONNECT_AT_ONCE, count - from) }, (_, index) =>
      openOne(port, requests[(from + index) % requests.length]),
    );
    sockets.push(...(await Promise.all(batch)));
  }
}

function openOne(port, request) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request, 'latin1'));
    socket.setNoDelay(true);
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      if (marker !== '' && chunk.includes(marker)) onSeen();
      else if (chunk.includes(':\n\n')) resolve(socket);
    });
  });
}

/** Sends the request that brings the new token; resolves when every stream has got it. */
function push({ port, request, marker: expected }) {
  marker = expected;
  const took = [];
  return new Promise((resolve, reject) => {
    const pusher = connect(port, '127.0.0.1');
    pusher.once('error', reject);
    let startedAt = 0;
    const late = setTimeout(() => reject(new Error(`only ${took.length} streams got the token`)), 20_000);
    onSeen = () => {
      took.push(performance.now() - startedAt);
      if (took.length < sockets.length) return;
      clearTimeout(late);
      pusher.destroy();
      marker = '';
      const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
      resolve({ p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) });
    };
    pusher.once('connect', () => {
      startedAt = performance.now();
      pusher.write(request, 'latin1');
    });
    pusher.resume();
  });
}
