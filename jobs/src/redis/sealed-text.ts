import { CodedError } from '@zhongkong/shared';
import { type KeyRing, namedKeyId } from './sealer.js';

/** Sealed values within a text: in JSON, or alone. The shortest holds an IV and a tag. */
const SEALED_WITHIN = /(?<![\w.-])(?:v1|v2\.[0-9a-f]{8})\.[\w-]{38,}/g;

/** What became of the sealed values of a text. */
export type Resealed =
  /** It holds none. */
  | { readonly is: 'plain' }
  /** They are sealed as the ring seals. */
  | { readonly is: 'current' }
  | { readonly is: 'resealed'; readonly text: string }
  | { readonly is: 'unreadable' };

/** Seals anew what is sealed under another key than the ring's active one, or in another format. */
export function resealText(text: string, contexts: readonly string[], ring: KeyRing): Resealed {
  const values = text.match(SEALED_WITHIN) ?? [];
  if (values.length === 0) return { is: 'plain' };
  if (values.every((value) => ring.isCurrent(value))) return { is: 'current' };
  try {
    const anew = text.replace(SEALED_WITHIN, (value) => {
      const { text: plain, context } = open(value, contexts, ring);
      return ring.seal(plain, context);
    });
    return { is: 'resealed', text: anew };
  } catch {
    return { is: 'unreadable' };
  }
}

/** Whether the sealed values of a text can be opened. */
export type Readability =
  | { readonly is: 'plain' | 'readable' | 'damaged' }
  /** Null: a value in the old format, which names no key; or it is damaged. */
  | { readonly is: 'unknown key'; readonly keyId: string | null };

export function readabilityOf(text: string, contexts: readonly string[], ring: KeyRing): Readability {
  const values = text.match(SEALED_WITHIN) ?? [];
  for (const value of values) {
    try {
      open(value, contexts, ring);
    } catch (error) {
      const keyId = namedKeyId(value);
      return isUnknownKey(error) || keyId === null ? { is: 'unknown key', keyId } : { is: 'damaged' };
    }
  }
  return { is: values.length === 0 ? 'plain' : 'readable' };
}

function open(value: string, contexts: readonly string[], ring: KeyRing): { text: string; context: string } {
  let last: unknown;
  for (const context of contexts) {
    try {
      return { text: ring.unseal(value, context), context };
    } catch (error) {
      if (isUnknownKey(error)) throw error;
      last = error;
    }
  }
  throw last ?? new Error('a value that is bound to nothing');
}

function isUnknownKey(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'unknown_master_key';
}
