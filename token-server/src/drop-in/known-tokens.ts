import type { RefreshEngine } from '@zhongkong/jobs';
import { type Clock, sha256Hex } from '@zhongkong/shared';

/**
 * As long as WeChat itself lets a replaced token live on, and longer than SDKs are told to keep one. Whoever comes with
 * an older one may have found it somewhere.
 */
const REPLACED_KNOWN_MS = 300_000;
/** Tokens that are pushed in may follow faster than that. */
const REPLACED_MAX = 2;

/** Hashes, so the time that a comparison takes tells nothing about a token. */
interface TokensOfApp {
  readonly current: string;
  readonly replaced: readonly { readonly hash: string; readonly untilMs: number }[];
}

/** Whose tokens are these? By the current ones, and those that were replaced a moment ago. */
export interface KnownTokens {
  appOf(accessToken: string): string | undefined;
}

export function createKnownTokens(engine: Pick<RefreshEngine, 'onToken'>, clock: Clock): KnownTokens {
  const known = new Map<string, TokensOfApp>();
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

  const isReplaced = ({ replaced }: TokensOfApp, hash: string) =>
    replaced.some((one) => one.hash === hash && clock.nowMs() < one.untilMs);
  return {
    appOf(accessToken) {
      const hash = sha256Hex(accessToken);
      const apps = [...known];
      // A token may have been pushed in for another app: it is theirs whose current one it is.
      const found =
        apps.find(([, { current }]) => current === hash) ??
        apps.find(([, tokens]) => isReplaced(tokens, hash));
      return found?.[0];
    },
  };
}
