import type { CredentialRecord } from '@zhongkong/jobs';
import { sha256Hex } from '@zhongkong/shared';

/** The platform takes a replaced token for this long. */
const OVERLAP_MS = 300_000;

/** Whose token is this? By its hash, so that no list of tokens lies about. */
export interface KnownTokens {
  add(appId: string, record: CredentialRecord, nowMs: number): void;
  /** The app of a token that is the current one, or was until a moment ago. */
  appOf(token: string, nowMs: number): string | undefined;
}

interface Known {
  readonly appId: string;
  endsAtMs: number;
}

export function createKnownTokens(): KnownTokens {
  const byHash = new Map<string, Known>();
  const current = new Map<string, Known>();
  return {
    add(appId, { value, expiresAtMs }, nowMs) {
      const hash = sha256Hex(value);
      if (byHash.has(hash)) return;
      const replaced = current.get(appId);
      if (replaced !== undefined) replaced.endsAtMs = Math.min(replaced.endsAtMs, nowMs + OVERLAP_MS);
      for (const [old, { endsAtMs }] of byHash) if (endsAtMs < nowMs) byHash.delete(old);
      const known = { appId, endsAtMs: expiresAtMs };
      byHash.set(hash, known);
      current.set(appId, known);
    },
    appOf(token, nowMs) {
      const known = byHash.get(sha256Hex(token));
      return known !== undefined && nowMs < known.endsAtMs ? known.appId : undefined;
    },
  };
}
