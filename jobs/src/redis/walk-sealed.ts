import type { RedisClient } from './connections.js';
import { scanKeys } from './scan-keys.js';
import type { SealedPlace } from './sealed-places.js';

/** Fields that are asked for at once. */
const BATCH = 500;

/** The text of one field of a hash. */
export interface StoredText {
  readonly key: string;
  readonly field: string;
  readonly text: string;
  readonly contexts: readonly string[];
}

/** Every text at these places, in batches. One that is written meanwhile may come twice, or in its old form. */
export async function* walkSealed(
  redis: RedisClient,
  places: readonly SealedPlace[],
): AsyncGenerator<StoredText[]> {
  for (const place of places) {
    for await (const keys of keysOf(redis, place.key)) {
      if (place.field === null) {
        for (const key of keys) yield* everyField(redis, key, place);
      } else {
        yield await oneField(redis, keys, place, place.field);
      }
    }
  }
}

async function* keysOf(redis: RedisClient, key: string): AsyncGenerator<string[]> {
  if (key.includes('*')) yield* scanKeys(redis, key);
  else yield [key];
}

async function oneField(
  redis: RedisClient,
  keys: readonly string[],
  { contextsOf }: SealedPlace,
  field: string,
): Promise<StoredText[]> {
  const texts = await Promise.all(keys.map((key) => redis.hget(key, field).catch(noneOfWrongType)));
  return texts.flatMap((text, index) => {
    const key = keys[index] ?? '';
    return text === null ? [] : [{ key, field, text, contexts: contextsOf(key, field) }];
  });
}

async function* everyField(
  redis: RedisClient,
  key: string,
  { contextsOf }: SealedPlace,
): AsyncGenerator<StoredText[]> {
  let cursor = '0';
  do {
    const [next, found] = (await redis.hscan(key, cursor, 'COUNT', BATCH).catch(noneOfWrongType)) ?? [
      '0',
      [],
    ];
    const batch: StoredText[] = [];
    for (let index = 0; index < found.length; index += 2) {
      const [field = '', text = ''] = [found[index], found[index + 1]];
      batch.push({ key, field, text, contexts: contextsOf(key, field) });
    }
    if (batch.length > 0) yield batch;
    cursor = next;
  } while (cursor !== '0');
}

/** What a foreign hand has put there under a name of ours. */
function noneOfWrongType(error: Error): null {
  if (error.message.startsWith('WRONGTYPE')) return null;
  throw error;
}
