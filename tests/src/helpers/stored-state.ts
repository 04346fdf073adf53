import type { CredentialKind, KeeperState, Sealer } from '@zhongkong/jobs';
import { decodeState, encodeState } from '@zhongkong/jobs/testing';
import type { Redis } from 'ioredis';

/** What Redis holds of one credential, for tests that change it behind the servers' backs. */
export function storedState(
  redis: Redis,
  sealer: Sealer,
  appId: string,
  kind: CredentialKind = 'access-token',
) {
  const id = { appId, kind };
  const key = `zhongkong:{${appId}}:${kind}:data`;
  const read = async (): Promise<KeeperState> => decodeState(id, await redis.hget(key, 'state'), sealer);
  return {
    key,
    read,
    async change(fields: Partial<KeeperState>): Promise<void> {
      await redis.hset(key, 'state', encodeState(id, { ...(await read()), ...fields }, sealer));
    },
  };
}
