import type { RedisClient } from './connections.js';
import { createKeys } from './keys.js';
import { type KeyRing, keyCheck, type SealingKey } from './sealer.js';

/** Version 0.1.0 stored the check alone, and takes any other text for another master key: it refuses to start then. */
const STORED = /^(?:(v2)\.)?([0-9a-f]{64})$/;

/**
 * Lets the ring seal as all servers on this Redis do. Into a Redis without one, the ring's own way is written, so that
 * it comes back after Redis has lost its data.
 * @returns false when the key that seals is not in the ring: this server can read little or nothing of what is stored
 */
export async function fitsStoredData(redis: RedisClient, ring: KeyRing, prefix: string): Promise<boolean> {
  const { masterKeyCheck } = createKeys(prefix, 0);
  await redis.setnx(masterKeyCheck, encode(ring.sealing));
  const sealing = decode(await redis.get(masterKeyCheck));
  return sealing !== null && ring.sealWith(sealing);
}

/** With what all servers on this Redis seal; null: nobody has said so yet, or what is stored cannot be read. Changes nothing. */
export async function storedSealingKey(redis: RedisClient, prefix: string): Promise<SealingKey | null> {
  return decode(await redis.get(createKeys(prefix, 0).masterKeyCheck));
}

/** From now on all servers seal with this key; the others learn of it when they call `fitsStoredData` next. */
export async function activateMasterKey(
  redis: RedisClient,
  ring: KeyRing,
  masterKey: Buffer,
  prefix: string,
): Promise<void> {
  const sealing: SealingKey = { check: keyCheck(masterKey), format: 'v2' };
  await redis.set(createKeys(prefix, 0).masterKeyCheck, encode(sealing));
  ring.sealWith(sealing);
}

function encode({ check, format }: SealingKey): string {
  return format === 'v1' ? check : `${format}.${check}`;
}

function decode(stored: string | null): SealingKey | null {
  const [, format, check] = STORED.exec(stored ?? '') ?? [];
  return check === undefined ? null : { check, format: format === undefined ? 'v1' : 'v2' };
}
