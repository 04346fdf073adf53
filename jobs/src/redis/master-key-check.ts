import type { RedisClient } from './connections.js';
import { keys } from './keys.js';
import type { Sealer } from './sealer.js';

/** Whether this master key is the one that sealed what is in this Redis; the first key to come is remembered. */
export async function fitsStoredData(redis: RedisClient, sealer: Sealer): Promise<boolean> {
  await redis.setnx(keys.masterKeyCheck, sealer.keyCheck);
  return (await redis.get(keys.masterKeyCheck)) === sealer.keyCheck;
}
