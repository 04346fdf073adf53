import { createKeys, type Keys, REGISTRY_TABLES, type RedisClient } from '@zhongkong/jobs';
import type { Cluster, Redis } from 'ioredis';
import { createClient } from '../redis/create-client.js';
import { type ProbeTarget, probe } from '../redis/probe.js';
import { redisFault } from '../redis/redis-fault.js';
import { databaseOf, describeAddress } from '../redis-address.js';
import type { ClockFacts } from './clock-findings.js';
import type { RedisFacts, RedisNodeFacts } from './redis-findings.js';

/** A connection of the doctor's own, and what was seen on it; `client` is null when Redis cannot be asked. */
export interface RedisLook {
  readonly client: RedisClient | null;
  readonly keys: Keys;
  readonly facts: RedisFacts;
  readonly clock: ClockFacts | null;
  close(): void;
}

/**
 * Tries all that the server needs, and reads how Redis is set. The probe writes keys of its own and removes them; nothing
 * else is written. Never rejects.
 */
export async function lookAtRedis(target: ProbeTarget, nowMs: () => number): Promise<RedisLook> {
  const { address, prefix } = target;
  const keys = createKeys(prefix, databaseOf(address));
  const client = createClient(address, { use: 'once' });
  client.on('error', () => {});
  const fault = await probe(target).then(
    () => null,
    (error: unknown) => redisFault(error, address.kind === 'socket'),
  );
  const common = { name: describeAddress(address), fault };
  const close = () => client.disconnect();
  try {
    await client.connect();
    if (databaseOf(address) > 0) await (client as Redis).select(databaseOf(address));
    const nodes = await Promise.all(nodesOf(client).map(readNode));
    const [registryEntries, clock] = await Promise.all([
      countRegistry(client, keys).catch(() => 0),
      compareClocks(client, nowMs).catch(() => null),
    ]);
    return { client, keys, facts: { ...common, nodes, registryEntries }, clock, close };
  } catch {
    close();
    return { client: null, keys, facts: { ...common, nodes: [], registryEntries: 0 }, clock: null, close };
  }
}

function nodesOf(client: RedisClient): Redis[] {
  return client.isCluster ? (client as Cluster).nodes('master') : [client as Redis];
}

async function readNode(node: Redis): Promise<RedisNodeFacts> {
  const [text, save] = await Promise.all([
    node.info(),
    node.config('GET', 'save').then(
      (reply) => String((reply as string[])[1] ?? ''),
      () => null,
    ),
  ]);
  const info = Object.fromEntries(
    [...text.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  const { rdb_last_save_time: savedAt, server_time_usec: serverTime } = info;
  const seconds_since_last_save =
    savedAt === undefined || serverTime === undefined
      ? ''
      : String(Math.floor(Number(serverTime) / 1_000_000 - Number(savedAt)));
  return { info: { ...info, seconds_since_last_save }, save };
}

async function countRegistry(client: RedisClient, keys: Keys): Promise<number> {
  const counts = await Promise.all(REGISTRY_TABLES.map((table) => client.hlen(keys.registry[table])));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function compareClocks(client: RedisClient, nowMs: () => number): Promise<ClockFacts> {
  const sentAtMs = nowMs();
  const [seconds, micros] = await client.time();
  const receivedAtMs = nowMs();
  const theirsMs = Number(seconds) * 1000 + Number(micros) / 1000;
  const tookMs = receivedAtMs - sentAtMs;
  return { aheadMs: (sentAtMs + receivedAtMs) / 2 - theirsMs, uncertainMs: Math.abs(tookMs) / 2 };
}
