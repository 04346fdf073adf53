import { setTimeout as sleep } from 'node:timers/promises';
import { BilingualError } from '@zhongkong/shared';
import type { ClientSettings } from '../config/config.js';
import type { Logger } from '../logger.js';

/** Wrong keys that one address may send at once; one more each second. */
const FAILURES_MAX = 60;
const FAILURE_EVERY_MS = 1_000;
/** Beyond that, a key that was never right before is looked at after this time, and so many at a time. */
const HOLD_MS = 1_000;
const HELD_MAX = 10;
/** The addresses that sent wrong keys last. */
const ADDRESSES_MAX = 10_000;
const WARN_EVERY_MS = 60_000;

export interface KeyGuardDeps {
  readonly findKey: (key: string) => ClientSettings | undefined;
  readonly log: Pick<Logger, 'warn'>;
  readonly metrics: { wrongKey(answer: 'refused' | 'not checked'): void };
  /** @defaultValue performance.now */
  readonly nowMs?: () => number;
  /** @defaultValue HOLD_MS */
  readonly holdMs?: number;
}

/** Finds the client of a key, and slows down an address that guesses keys. */
export interface KeyGuard {
  /**
   * @param keys the forms that the key may have @param address of the caller
   * @returns undefined: nobody has such a key @throws CodedError `too_many_guesses`
   */
  find(keys: readonly string[], address: string): Promise<ClientSettings | undefined>;
  /** The client of a key that was right before, at once; undefined: `find` has to decide. */
  recognize(key: string): ClientSettings | undefined;
}

interface Guesses {
  /** Wrong keys that are left, at an instant. */
  left: number;
  atMs: number;
  held: number;
  sinceWarning: number;
}

/**
 * Only failures are limited: a key that was right before is right at once, whatever else comes from its address. Any
 * other key waits like a guess while there are too many, so an answer says no more than before.
 */
export function createKeyGuard(deps: KeyGuardDeps): KeyGuard {
  const { findKey, log, metrics, nowMs = () => performance.now(), holdMs = HOLD_MS } = deps;
  const guesses = new Map<string, Guesses>();
  const proven = new Set<string>();
  let warnedAtMs = Number.NEGATIVE_INFINITY;

  function guessesOf(address: string): Guesses {
    const now = nowMs();
    const known = guesses.get(address) ?? { left: FAILURES_MAX, atMs: now, held: 0, sinceWarning: 0 };
    known.left = Math.min(FAILURES_MAX, known.left + (now - known.atMs) / FAILURE_EVERY_MS);
    known.atMs = now;
    return known;
  }

  function noteFailure(address: string): void {
    const known = guessesOf(address);
    known.left = Math.max(0, known.left - 1);
    known.sinceWarning += 1;
    // Put last, so that the first is the one that has not failed for longest.
    guesses.delete(address);
    guesses.set(address, known);
    const [oldest] = guesses.keys();
    if (guesses.size > ADDRESSES_MAX && oldest !== undefined) guesses.delete(oldest);
    if (known.left >= 1 || nowMs() - warnedAtMs < WARN_EVERY_MS) return;
    warnedAtMs = nowMs();
    const text = 'this address sends many wrong client keys; they are slowed down';
    log.warn({ address, wrongKeys: known.sinceWarning }, text);
    known.sinceWarning = 0;
  }

  async function waitFor(known: Guesses): Promise<void> {
    if (known.held >= HELD_MAX) {
      metrics.wrongKey('not checked');
      const text = {
        en: 'Too many wrong client keys come from this address. Try again in a second.',
        zh: '来自该地址的错误密钥过多，请一秒后重试。',
      };
      throw new BilingualError(text, { code: 'too_many_guesses' });
    }
    known.held += 1;
    await sleep(holdMs, undefined, { ref: false });
    known.held -= 1;
  }

  const isProven = (client: ClientSettings | undefined) =>
    client !== undefined && proven.has(client.keySha256);

  return {
    recognize(key) {
      const client = findKey(key);
      return isProven(client) ? client : undefined;
    },
    async find(keys, address) {
      const client = keys.map(findKey).find((found) => found !== undefined);
      if (isProven(client)) return client;
      const network = networkOf(address);
      const known = guessesOf(network);
      if (known.left < 1) await waitFor(known);
      if (client === undefined) {
        metrics.wrongKey('refused');
        noteFailure(network);
      } else proven.add(client.keySha256);
      return client;
    },
  };
}

/** An IPv4 address, or the /64 network of an IPv6 address: one customer has at least that. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [start = '', end] = plain.split('::');
  const groups = start === '' ? [] : start.split(':');
  const rest = end === undefined || end === '' ? [] : end.split(':');
  const zeros = end === undefined ? 0 : 8 - groups.length - rest.length;
  const whole = [...groups, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...rest];
  return `${whole.slice(0, 4).join(':')}::/64`;
}
