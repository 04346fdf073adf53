import { CodedError } from '@zhongkong/shared';
import type { RedisClient } from './connections.js';
import { createKeys } from './keys.js';

/** The shape of what is stored in Redis; raised when an older server could not read it. 1 is that of version 0.1.0. */
export const DATA_FORMAT = 2;

/** KEYS format. ARGV this server's format. Raises what is stored to it, and returns what is stored then. */
const CLAIM = `
local stored = tonumber(redis.call('GET', KEYS[1]) or '') or 0
local own = tonumber(ARGV[1])
if stored > own then return stored end
if stored < own then redis.call('SET', KEYS[1], ARGV[1]) end
return own`;

/**
 * Writes down in which format this server stores, for servers of other versions. The states themselves are migrated one
 * by one, when they are next saved.
 * @throws CodedError `newer_data` when a newer version has written to this Redis: this one could not read everything
 */
export async function claimFormat(redis: RedisClient, prefix: string): Promise<void> {
  const stored = Number(await redis.eval(CLAIM, 1, createKeys(prefix, 0).format, DATA_FORMAT));
  if (stored > DATA_FORMAT) throw newerData(stored);
}

/** What is stored has a format that only a newer version of this server can read. */
export function newerData(format: number): CodedError {
  return new CodedError(
    `the data was written by a newer version of Zhongkong (format ${format}, and this version reads ${DATA_FORMAT} at most)`,
    { code: 'newer_data' },
  );
}

export function isNewerData(error: unknown): error is CodedError {
  return error instanceof CodedError && error.code === 'newer_data';
}
