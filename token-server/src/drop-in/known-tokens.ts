import type { RefreshEngine } from '@zhongkong/jobs';
import { sha256Hex } from '@zhongkong/shared';

/** SDKs hold a replaced token for a moment; further back nobody with a good reason comes from. */
const KEPT_PER_APP = 3;

/** Whose tokens are these? By the current ones and the few before them. */
export interface KnownTokens {
  /** The app that this token belongs, or belonged a moment ago, to. */
  appOf(accessToken: string): string | undefined;
}

/** Tokens are compared by their hashes, so the time it takes tells nothing about one. */
export function createKnownTokens(engine: Pick<RefreshEngine, 'onToken'>): KnownTokens {
  const recent = new Map<string, string[]>();
  engine.onToken((appId, { value }) => {
    const hashes = recent.get(appId) ?? [];
    recent.set(appId, [sha256Hex(value), ...hashes].slice(0, KEPT_PER_APP));
  });
  return {
    appOf(accessToken) {
      const hash = sha256Hex(accessToken);
      return [...recent].find(([, hashes]) => hashes.includes(hash))?.[0];
    },
  };
}
