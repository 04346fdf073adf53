import { CodedError } from '@zhongkong/shared';
import type { RedisClient } from './connections.js';
import { storeUnavailable } from './credential-store.js';
import { sealedPlaces } from './sealed-places.js';
import { readabilityOf, resealText } from './sealed-text.js';
import type { KeyRing } from './sealer.js';
import { type StoredText, walkSealed } from './walk-sealed.js';

/** The second pass finds what was written during the first one; more are needed only where servers are slow. */
const PASSES_MAX = 10;

/** KEYS hash. ARGV field, the text that was read, the new text. Returns 1, or 0 when the text has changed meanwhile. */
const REPLACE = `
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`;

/** How many stored texts there are of each kind. */
export interface ResealCounts {
  /** Sealed anew. */
  readonly resealed: number;
  /** Sealed with the active key before. */
  readonly alreadyNew: number;
  /** Left as they are, since no key of the ring opens them. */
  readonly unreadable: number;
}

/**
 * Seals everything of an installation as the ring seals, while servers work, again and again until nothing is left. A text
 * that a server changes meanwhile is never overwritten.
 * @throws CodedError `store_unavailable`; `reseal_unfinished` when somebody keeps sealing otherwise
 */
export async function resealAll(redis: RedisClient, ring: KeyRing, prefix: string): Promise<ResealCounts> {
  let resealed = 0;
  let alreadyNew: number | undefined;
  for (let pass = 1; pass <= PASSES_MAX; pass += 1) {
    const found = await resealOnce(redis, ring, prefix).catch(rejectUnavailable);
    resealed += found.resealed;
    alreadyNew ??= found.current;
    if (found.resealed + found.missed === 0) return { resealed, alreadyNew, unreadable: found.unreadable };
  }
  throw new CodedError('values are still being sealed with the old master key', {
    code: 'reseal_unfinished',
  });
}

async function resealOnce(redis: RedisClient, ring: KeyRing, prefix: string) {
  const counts = { plain: 0, current: 0, resealed: 0, missed: 0, unreadable: 0 };
  for await (const batch of walkSealed(redis, sealedPlaces(prefix))) {
    await Promise.all(
      batch.map(async ({ key, field, text, contexts }) => {
        const result = resealText(text, contexts, ring);
        if (result.is !== 'resealed') counts[result.is] += 1;
        else if ((await redis.eval(REPLACE, 1, key, field, text, result.text)) === 1) counts.resealed += 1;
        else counts.missed += 1;
      }),
    );
  }
  return counts;
}

/** A stored text that cannot be opened: the key and the field of the hash that holds it. */
interface UnreadableText {
  readonly key: string;
  readonly field: string;
  /** The master key that it names; null: it names none. */
  readonly keyId: string | null;
}

export interface SealedSurvey {
  readonly readable: number;
  /** Sealed under a master key that this server does not have. */
  readonly unknownKey: readonly UnreadableText[];
  /** Sealed under a known key, and changed since. */
  readonly damaged: readonly Omit<UnreadableText, 'keyId'>[];
}

/** Opens everything of an installation and changes nothing. @throws CodedError `store_unavailable` */
export async function surveySealed(redis: RedisClient, ring: KeyRing, prefix: string): Promise<SealedSurvey> {
  const survey = {
    readable: 0,
    unknownKey: [] as UnreadableText[],
    damaged: [] as { key: string; field: string }[],
  };
  const look = ({ key, field, text, contexts }: StoredText) => {
    const found = readabilityOf(text, contexts, ring);
    if (found.is === 'readable') survey.readable += 1;
    if (found.is === 'unknown key') survey.unknownKey.push({ key, field, keyId: found.keyId });
    if (found.is === 'damaged') survey.damaged.push({ key, field });
  };
  try {
    for await (const batch of walkSealed(redis, sealedPlaces(prefix))) batch.forEach(look);
  } catch (error) {
    rejectUnavailable(error);
  }
  return survey;
}

function rejectUnavailable(error: unknown): never {
  throw storeUnavailable(error);
}
