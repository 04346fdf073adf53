import type { TokenEndpoint } from './token-record.js';

/** What happened at one path. Codes are strings since they are keys; answers without a fault are not among them. */
interface PathCounters {
  calls: number;
  errcodes: Record<string, number>;
}

/** What happened to one app, or to all, since the start or the last reset. */
export interface Counters {
  /** Tokens issued, foreign refreshes included. */
  tokensIssued: { token: number; stable: number };
  /** Of these, the ones that were forced. */
  forced: number;
  /** Times another party fetched a token, through the control interface. */
  foreign: number;
  /** Calls of APIs that brought a token which is or once was the app's. */
  verifications: number;
  /** Calls by path, those that met an injected fault included. */
  calls: Record<string, number>;
  /** Faults answered, by errcode. */
  errcodes: Record<string, number>;
  paths: Record<string, PathCounters>;
}

export function newCounters(): Counters {
  return {
    tokensIssued: { token: 0, stable: 0 },
    forced: 0,
    foreign: 0,
    verifications: 0,
    calls: {},
    errcodes: {},
    paths: {},
  };
}

export function countIssued(counters: Counters, endpoint: TokenEndpoint): void {
  counters.tokensIssued[endpoint === 'token' ? 'token' : 'stable'] += 1;
}

export function countCall(counters: Counters, path: string, errcode: number | undefined): void {
  counters.paths[path] ??= { calls: 0, errcodes: {} };
  const atPath = counters.paths[path];
  atPath.calls += 1;
  increment(counters.calls, path);
  if (!errcode) return;
  increment(atPath.errcodes, String(errcode));
  increment(counters.errcodes, String(errcode));
}

function increment(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
