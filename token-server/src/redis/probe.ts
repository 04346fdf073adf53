import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '@zhongkong/jobs';
import type { Redis } from 'ioredis';
import { databaseOf, type RedisAddress } from '../redis-address.js';
import { createClient } from './create-client.js';
import { probeScript, WRITE_SCRIPT } from './probe-commands.js';

/** A probe takes a few round trips; one that takes longer than this counts as no answer. */
const PROBE_WITHIN_MS = 5_000;
const VERSION_MIN = [6, 2] as const;

export interface ProbeTarget {
  readonly address: RedisAddress;
  /** First part of every key and channel. */
  readonly prefix: string;
}

/**
 * Connects, and makes every kind of call that the server needs: keys, scripts, streams, channels, and what BullMQ uses.
 * Rejects with what Redis, or ioredis, said about the first that is not possible.
 */
export async function probe(target: ProbeTarget): Promise<void> {
  const client = createClient(target.address, { use: 'once' });
  let lastError: Error | undefined;
  client.on('error', (error: Error) => {
    // ioredis emits this error after the one that names the cause.
    if (!error.message.startsWith("Stream isn't writeable")) lastError = error;
  });
  const limit = new AbortController();
  const late = sleep(PROBE_WITHIN_MS, undefined, { signal: limit.signal }).then(() => {
    throw lastError ?? new Error('timed out');
  });
  try {
    await Promise.race([late, probeWith(client, target)]);
  } catch (error) {
    throw lastError ?? error;
  } finally {
    limit.abort();
    late.catch(() => {});
    client.disconnect();
  }
}

async function probeWith(client: RedisClient, { address, prefix }: ProbeTarget): Promise<void> {
  await client.connect();
  // ioredis ignores it when Redis refuses the database, and would use database 0.
  if (databaseOf(address) > 0) await (client as Redis).select(databaseOf(address));
  const info = await client.info();
  checkVersion(info);
  if (address.kind !== 'cluster' && /^redis_mode:cluster/m.test(info)) throw new Error('MOVED');
  // A name of its own, since servers may probe at the same moment.
  const key = `${prefix}:{probe-${randomUUID()}}`;
  const channel = `${prefix}:probe`;
  const refused = (await client.eval(...probeScript(key, channel))) as string[];
  const [, said = ''] = refused;
  if (refused.length > 0)
    throw refusal(
      refused.filter((_text, index) => index % 2 === 0),
      said,
    );
  await client.time();
  await client.bzpopmin(`${key}:z`, 0.001);
  await client.subscribe(channel);
}

/** The cheap probe of a server that runs: can Redis be written to? */
export async function probeWrite(client: RedisClient, prefix: string): Promise<void> {
  await client.eval(WRITE_SCRIPT, 1, `${prefix}:probe`, `${prefix}:probe`);
}

/** What Redis says of a missing right names no command when it comes out of a script. */
function refusal(commands: readonly string[], said: string): Error {
  return /NOPERM|can't run/i.test(said)
    ? new Error(`NOPERM: it may not run ${commands.join(', ')}`)
    : new Error(said);
}

/** Whether a version of Redis, as `7.2.4`, lacks what the server needs. */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < VERSION_MIN[0] || (major === VERSION_MIN[0] && minor < VERSION_MIN[1]);
}

function checkVersion(info: string): void {
  const [, text = ''] = /^redis_version:(\S+)/m.exec(info) ?? [];
  if (text === '' || !isTooOld(text)) return;
  throw new Error(`needs Redis ${VERSION_MIN.join('.')}, found ${text}`);
}
