import type { RefreshEngine } from '@zhongkong/jobs';
import { type Clock, sha256Hex } from '@zhongkong/shared';
import { faultOfCode } from './drop-in-fault.js';
import type { SharedMemory } from './shared-memory.js';

/** As long as WeChat itself lets a replaced token live on, and longer than clients keep one by default. */
const REPLACED_KNOWN_MS = 300_000;
/** Tokens that are pushed in may follow faster than that. */
const REPLACED_MAX = 2;

/** Hashes, so the time that a comparison takes says nothing about a token. */
interface TokensOfApp {
  readonly current: string;
  readonly replaced: readonly { readonly hash: string; readonly untilMs: number }[];
}

/** A longer time is written down only if it is longer by this much. */
const KEEP_STEP_MS = 10_000;

/** The current tokens of all apps, those that were replaced a moment ago, and those that clients may still keep. */
export interface KnownTokens {
  appOf(accessToken: string): Promise<string | undefined>;
  /** A client may keep this token until then. */
  note(appId: string, accessToken: string, keepUntilMs: number): void;
}

export function createKnownTokens(
  engine: Pick<RefreshEngine, 'onToken'>,
  clock: Clock,
  shared: SharedMemory,
): KnownTokens {
  const known = new Map<string, TokensOfApp>();
  /** How long clients may keep a token, by its hash. */
  const kept = new Map<string, { readonly appId: string; readonly untilMs: number }>();
  engine.onToken((appId, { value }) => {
    const current = sha256Hex(value);
    const before = known.get(appId);
    if (before?.current === current) return;
    const justReplaced =
      before === undefined ? [] : [{ hash: before.current, untilMs: clock.nowMs() + REPLACED_KNOWN_MS }];
    known.set(appId, {
      current,
      replaced: [...justReplaced, ...(before?.replaced ?? [])].slice(0, REPLACED_MAX),
    });
  });

  function forgetExpired(): void {
    for (const [hash, { untilMs }] of kept) if (untilMs <= clock.nowMs()) kept.delete(hash);
  }

  const isReplaced = ({ replaced }: TokensOfApp, hash: string) =>
    replaced.some((one) => one.hash === hash && clock.nowMs() < one.untilMs);
  return {
    note(appId, accessToken, keepUntilMs) {
      const hash = sha256Hex(accessToken);
      if (keepUntilMs <= (kept.get(hash)?.untilMs ?? 0)) return;
      const untilMs = keepUntilMs + KEEP_STEP_MS;
      if (!kept.has(hash)) forgetExpired();
      kept.set(hash, { appId, untilMs });
      shared.set(keyOf(hash), appId, untilMs - clock.nowMs());
    },
    async appOf(accessToken) {
      const hash = sha256Hex(accessToken);
      const apps = [...known];
      // A pushed token may have belonged to another app before: the app whose current token it is comes first.
      const found =
        apps.find(([, { current }]) => current === hash) ??
        apps.find(([, tokens]) => isReplaced(tokens, hash));
      if (found !== undefined) return found[0];
      const last = kept.get(hash);
      if (last !== undefined && clock.nowMs() < last.untilMs) return last.appId;
      return (await shared.get(keyOf(hash))) ?? undefined;
    },
  };
}

function keyOf(hash: string): string {
  return `token:${hash}`;
}

/** The app of a token in the query of a call. @throws DropInFault 41001, 40001 */
export async function appOfToken(accessToken: unknown, knownTokens: KnownTokens): Promise<string> {
  if (typeof accessToken !== 'string' || accessToken === '') throw faultOfCode(41001);
  const appId = await knownTokens.appOf(accessToken);
  if (appId === undefined) throw faultOfCode(40001);
  return appId;
}
