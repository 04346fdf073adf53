import { once } from 'node:events';
import { createServer, IncomingMessage, ServerResponse } from 'node:http';
import { type AddressInfo, connect, Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { CredentialRecord } from '@zhongkong/jobs';
import { systemClock } from '@zhongkong/shared';
import {
  BUFFER_MAX_BYTES,
  createEventHub,
  HEARTBEAT_MS,
  STREAMS_PER_CLIENT_MAX,
} from '@zhongkong/token-server/testing';
import { cleanUp } from '../helpers/clean-up.js';
import { readEvents } from '../helpers/event-reader.js';
import { eventually } from '../helpers/eventually.js';

const LIFE_MS = 7_200_000;

function recordOf(version: number): CredentialRecord {
  const nowMs = Date.now();
  return {
    value: `token-${version}`.padEnd(2_000, '-'),
    version,
    obtainedAtMs: nowMs,
    expiresAtMs: nowMs + LIFE_MS,
    lifeMs: LIFE_MS,
  };
}

/** The hub behind a real HTTP server, which gets tokens from the test in the place of the engine. */
async function startHub(appIds: string[], heartbeatMs?: number, random = Math.random) {
  const counts = { open: 0, dropped: 0, sent: 0 };
  const add = (name: keyof typeof counts, difference: number) => {
    counts[name] += difference;
  };
  let mostBuffered = 0;
  let commit: (appId: string, record: CredentialRecord) => void = () => {};
  const hub = createEventHub({
    engine: {
      apps: appIds.map((appId) => ({ appId })) as never,
      token: () => ({ live: () => recordOf(1) }) as never,
      onToken(callback) {
        commit = callback;
        return () => {};
      },
    },
    clock: systemClock,
    metrics: {
      opened: () => add('open', 1),
      closed: () => add('open', -1),
      dropped: () => add('dropped', 1),
      sent: () => add('sent', 1),
    },
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    random,
  });
  const server = createServer((_request, response) => {
    const write = response.write.bind(response) as typeof response.write;
    response.write = ((...args: Parameters<typeof response.write>) => {
      const done = write(...args);
      mostBuffered = Math.max(mostBuffered, response.writableLength);
      return done;
    }) as typeof response.write;
    hub.open(response, { client: 'reader', wants: () => true, has: new Map() });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => {
    hub.stop();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    hub,
    counts,
    port,
    url: `http://127.0.0.1:${port}`,
    mostBuffered: () => mostBuffered,
    commit: (appId: string, version: number) => commit(appId, recordOf(version)),
  };
}

/** A client that asks and then reads nothing. */
function openDeaf(port: number) {
  const socket = connect(port, '127.0.0.1').pause();
  socket.on('error', () => {});
  cleanUp(() => socket.destroy());
  socket.write('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n');
  return socket;
}

describe('an event stream', () => {
  it('is cut when its reader stops reading and 64 KiB wait for it, while others get everything', async () => {
    const { counts, port, url, mostBuffered, commit } = await startHub(['wx1'], 60_000);
    const good = await readEvents(url);
    openDeaf(port);
    await eventually('both streams', () => counts.open === 2);
    let version = 1;
    // The system's own buffers, some MiB, have to be full first.
    while (counts.dropped === 0 && version < 20_000) {
      version += 1;
      commit('wx1', version);
      await good.event(version - 1);
    }
    expect(counts).toMatchObject({ dropped: 1 });
    await eventually('the end of one stream', () => counts.open === 1);
    expect(mostBuffered()).toBeGreaterThan(BUFFER_MAX_BYTES / 2);
    expect(mostBuffered()).toBeLessThanOrEqual(BUFFER_MAX_BYTES + 100);
    expect(good.events.map(({ data }) => data.version)).toEqual(
      Array.from({ length: version }, (_, index) => index + 1),
    );
  });

  it('is cut when its reader has not taken one heartbeat before the next is due', async () => {
    const { counts, port } = await startHub(
      Array.from({ length: 8_000 }, (_, index) => `wx${index}`),
      100,
    );
    openDeaf(port);
    await eventually('the cut', () => counts.dropped === 1);
    await eventually('the end of the stream', () => counts.open === 0);
  });

  it('brings the current tokens of thousands of apps through its small buffer, each once', async () => {
    const apps = Array.from({ length: 3_000 }, (_, index) => `wx${index}`);
    const { counts, url, mostBuffered, commit } = await startHub(apps, 60_000);
    const reader = await readEvents(url);
    commit('wx2999', 2);
    await reader.event(2_999);
    const versions = new Map(reader.events.map(({ data }) => [data.appId, data.version]));
    expect(versions.size).toBe(3_000);
    expect(versions.get('wx2999')).toBe(2);
    expect(counts).toEqual({ open: 1, dropped: 0, sent: 3_000 });
    expect(mostBuffered()).toBeLessThan(BUFFER_MAX_BYTES);
  });

  it('carries a comment at every heartbeat, which is due more often than every 15 s', async () => {
    const { url } = await startHub(['wx1'], 50);
    const reader = await readEvents(url);
    await eventually('five comments', () => reader.comments() >= 5);
    expect(reader.events).toHaveLength(1);
    expect(HEARTBEAT_MS).toBeLessThan(15_000);
  });

  it('of a server that drains brings each new token until its own moment comes, then says where not to stay, and ends', async () => {
    // Drawn for each stream: its moment in the drain delay, and the pause of its reader.
    const draws = [0, 0, 0.999, 0.5, 0, 0];
    const { hub, url, commit } = await startHub(['wx1'], 60_000, () => draws.shift() ?? 0);
    const [first, last] = [await readEvents(url), await readEvents(url)];
    await Promise.all([first.event(0), last.event(0)]);
    hub.leave(1_000);
    expect(await first.ended).toBe(true);
    commit('wx1', 2);
    await last.event(1);
    const late = await readEvents(url);
    await Promise.all([last.ended, late.ended]);
    expect(first.events.map(({ data }) => data.version)).toEqual([1]);
    expect([first.moves, last.moves]).toEqual([[{ retryMs: 500 }], [{ retryMs: 2_000 }]]);
    expect([late.events.length, late.moves.length]).toEqual([1, 1]);
  });

  it('never goes back to an older version', async () => {
    const { url, commit } = await startHub(['wx1']);
    const reader = await readEvents(url);
    await reader.event(0);
    for (const version of [3, 2, 3, 4]) commit('wx1', version);
    await reader.event(2);
    expect(reader.events.map(({ data }) => data.version)).toEqual([1, 3, 4]);
  });

  it('ends with the current tokens when the server is stopping already', async () => {
    const { hub, url } = await startHub(['wx1']);
    hub.stop();
    const reader = await readEvents(url);
    expect(await reader.ended).toBe(true);
    expect(reader.events).toHaveLength(1);
  });

  it('is refused when its key, but not when another, has as many as it may', async () => {
    const { hub } = await startHub(['wx1'], 60_000);
    const subscription = { client: 'reader', wants: () => false, has: new Map() };
    for (let streams = 0; streams < STREAMS_PER_CLIENT_MAX; streams += 1) {
      hub.admit('reader');
      hub.open(new ServerResponse(new IncomingMessage(new Socket())), subscription);
    }
    expect(() => hub.admit('reader')).toThrow(/5000 event streams open/);
    expect(() => hub.admit('order-service')).not.toThrow();
  });
});
