import type { RefreshEngine } from '@zhongkong/jobs';
import { type Clock, sha256Hex } from '@zhongkong/shared';
import { faultOfCode } from './drop-in-fault.js';

/** As long as WeChat itself lets a replaced token live on, and longer than clients are told to keep one. */
const REPLACED_KNOWN_MS = 300_000;
/** Tokens that are pushed in may follow faster than that. */
const REPLACED_MAX = 2;

/** Hashes, so the time that a comparison takes says nothing about a token. */
interface TokensOfApp {
  readonly current: string;
  readonly replaced: readonly { readonly hash: string; readonly untilMs: number }[];
}

/** The current tokens of all apps, and those that were replaced a moment ago. */
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
      // A pushed token may have belonged to another app before: the app whose current token it is comes first.
      const found =
        apps.find(([, { current }]) => current === hash) ??
        apps.find(([, tokens]) => isReplaced(tokens, hash));
      return found?.[0];
    },
  };
}

/** The app of a token in the query of a call. @throws DropInFault 41001, 40001 */
export function appOfToken(accessToken: unknown, knownTokens: KnownTokens): string {
  if (typeof accessToken !== 'string' || accessToken === '') throw faultOfCode(41001);
  const appId = knownTokens.appOf(accessToken);
  if (appId === undefined) throw faultOfCode(40001);
  return appId;
}
