import { EventEmitter } from 'node:events';
import type { FetchOutcome } from '../../keeper/event.js';
import { defaultPolicy, type FetchMode } from '../../keeper/policy.js';
import { accessTokenOf, type CredentialRecord, type Verdict } from '../../keeper/state.js';
import type { CredentialSource } from '../../wechat/source.js';
import { ManagedCredential } from '../credential.js';
import type { EngineObserver, ReportEvent } from '../events.js';
import { noTracer } from '../tracer.js';
import { MemoryStore } from './memory-store.js';

/** A credential on a store in memory, whose WeChat and clock a test drives. */
export function manageCredential(mode: FetchMode = 'classic') {
  const store = new MemoryStore();
  const wechat = {
    fetches: 0,
    checks: 0,
    verdict: 'alive' as Verdict,
    /** The next answers; without one, a new token. */
    outcomes: [] as FetchOutcome[],
  };
  const time = { nowMs: Date.UTC(2026, 10, 22, 3) };
  const clock = { nowMs: () => time.nowMs };
  const source: CredentialSource = {
    async fetch() {
      wechat.fetches += 1;
      const value = `token-${wechat.fetches}`;
      const fetched = { value, expiresInMs: 7_200_000, requestedAtMs: time.nowMs };
      return wechat.outcomes.shift() ?? { fetched };
    },
    async check() {
      wechat.checks += 1;
      return { startedAtMs: time.nowMs, verdict: wechat.verdict };
    },
  };
  const records: CredentialRecord[] = [];
  const reports: ReportEvent[] = [];
  const observer: EngineObserver = {
    fetched: () => {},
    pushed: () => {},
    checked: () => {},
    reported: (event) => void reports.push(event),
  };
  const app = { appId: 'wx1', secret: 'the secret', policy: defaultPolicy(mode) };
  const silent = () => {};
  const credential = new ManagedCredential(accessTokenOf('wx1'), app, source, {
    store,
    history: { ...observer, read: async () => [] },
    log: { debug: silent, info: silent, warn: silent, error: silent },
    clock,
    random: () => 0.5,
    observer,
    tracer: noTracer,
    plan: async () => {},
    upstream: 'https://wechat.example',
    isOnlyServer: false,
    changes: new EventEmitter().setMaxListeners(0),
    onRecord: (_id, record) => void records.push(record),
  });
  return { credential, store, wechat, time, records, reports };
}
