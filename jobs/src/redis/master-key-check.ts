import type { RedisClient } from './connections.js';
import { createKeys } from './keys.js';
import type { Sealer } from './sealer.js';

/** Whether this master key is the one that sealed what is in this Redis. The first key that comes is remembered. */
export async function fitsStoredData(redis: RedisClient, sealer: Sealer, prefix: string): Promise<boolean> {
  const { masterKeyCheck } = createKeys(prefix, 0);
  await redis.setnx(masterKeyCheck, sealer.keyCheck);
  return (await redis.get(masterKeyCheck)) === sealer.keyCheck;
}
