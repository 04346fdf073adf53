import { type Clock, isLive } from '@zhongkong/shared';
import type { Redis } from 'ioredis';
import { accessTokenOf, type CredentialId } from '../core/credential.js';
import type { CredentialRecord, KeeperState } from '../core/keeper-state.js';
import type { Issuer } from '../issuer/wechat-issuer.js';
import { createRefreshQueue } from '../queue/refresh-queue.js';
import type { ChangeMessage } from '../redis/change-message.js';
import { createCredentialStore } from '../redis/credential-store.js';
import type { Sealer } from '../redis/sealer.js';
import { decodeState } from '../redis/state-codec.js';
import type { AppSettings } from './app-settings.js';
import { listenForChanges } from './change-feed.js';
import { createCredentialMemory } from './credential-memory.js';
import { createJournal } from './journal.js';
import type { Log } from './log.js';
import { Refresher } from './refresher.js';
import { type ReportResult, reportStale, type StaleName } from './report-stale.js';
import { until } from './until.js';

export interface RefreshEngineOptions {
  /** Connected, and failing fast: no offline queue. The engine opens three further connections like it. */
  readonly redis: Redis;
  readonly sealer: Sealer;
  readonly issuer: Issuer;
  readonly apps: readonly AppSettings[];
  readonly clock: Clock;
  readonly log: Log;
  /** @defaultValue Math.random */
  readonly random?: () => number;
}

/** Keeps the access tokens of all apps fresh, together with the other servers on the same Redis. */
export interface RefreshEngine {
  readonly appIds: readonly string[];
  /** What is known of an app's access token; undefined for an app that is not configured. Never waits. */
  state(appId: string): KeeperState | undefined;
  /** The living token of a configured app; without one, waits for one up to this long, if there is hope. */
  awaitLive(appId: string, timeoutMs: number): Promise<CredentialRecord | null>;
  /** The passive refresh for a configured app. Rejects while the store is away. */
  report(appId: string, stale: StaleName): Promise<ReportResult>;
  /** Reads the store, then begins to refresh. Rejects when the store cannot be read. */
  start(): Promise<void>;
  /** Finishes what is under way, then lets go of Redis; the given connection stays open. */
  stop(): Promise<void>;
}

interface Keeping {
  readonly app: AppSettings;
  readonly id: CredentialId;
  readonly refresher: Refresher;
}

export function createRefreshEngine(options: RefreshEngineOptions): RefreshEngine {
  const { redis, sealer, issuer, clock, log, random = Math.random } = options;
  const store = createCredentialStore(redis, sealer);
  const memory = createCredentialMemory();
  const queue = createRefreshQueue({
    redis,
    log,
    woken: async ({ appId }) => keepings.get(appId)?.refresher.wake(),
  });
  const plan = (id: CredentialId, atMs: number) => queue.plan(id, atMs, clock.nowMs());
  const tools = { store, memory, issuer, clock, random, plan, journal: createJournal(log) };
  const keepings = new Map<string, Keeping>();
  for (const app of options.apps) {
    const id = accessTokenOf(app.appId);
    keepings.set(app.appId, { app, id, refresher: new Refresher(tools, app, id) });
  }
  let stopListening = () => {};

  function keepingOf(appId: string): Keeping {
    const keeping = keepings.get(appId);
    if (keeping === undefined) throw new RangeError(`no app ${appId} is configured`);
    return keeping;
  }

  function liveRecord(id: CredentialId): CredentialRecord | null {
    const { record } = memory.get(id);
    return record !== null && isLive(record, clock.nowMs()) ? record : null;
  }

  function wakeSoon({ id, refresher }: Keeping): void {
    const retryAtMs = memory.get(id).failure?.retryAtMs ?? 0;
    if (clock.nowMs() < retryAtMs) return;
    refresher.wake().catch((error: Error) => {
      log.warn({ ...id, error: error.message }, 'could not look after a token; the next sweep will');
    });
  }

  function changed(message: ChangeMessage): void {
    const id = keepings.get(message.appId)?.id;
    if (id === undefined) return;
    if (message.state === undefined) memory.noteReleased(id);
    else memory.apply(id, decodeState(id, message.state, sealer));
  }

  async function reload(): Promise<void> {
    await Promise.all([...keepings.values()].map(async ({ id }) => memory.apply(id, await store.load(id))));
  }

  return {
    appIds: [...keepings.keys()],
    state(appId) {
      const keeping = keepings.get(appId);
      return keeping && memory.get(keeping.id);
    },
    async awaitLive(appId, timeoutMs) {
      const keeping = keepingOf(appId);
      const { id } = keeping;
      const giveUpAtMs = clock.nowMs() + timeoutMs;
      const settled = () => liveRecord(id) !== null || (memory.get(id).failure?.retryAtMs ?? 0) > giveUpAtMs;
      if (!settled()) {
        const change = until((callback) => memory.onChange(id, () => settled() && callback()));
        change.endAfter(timeoutMs);
        wakeSoon(keeping);
        await change.happened;
      }
      return liveRecord(id);
    },
    report: (appId, stale) => reportStale(tools, keepingOf(appId), stale),
    async start() {
      const subscriber = redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true });
      subscriber.on('error', (error) => log.debug({ error: error.message }, 'the change feed lost Redis'));
      stopListening = await listenForChanges({
        redis: subscriber,
        changed,
        resumed: reload,
        failed: (error) => log.warn({ error: String(error) }, 'could not read what other servers changed'),
      });
      const kept = [...keepings.values()];
      await queue.sweepAll(kept.map(({ id, app }) => ({ id, everyMs: app.policy.sweepMs })));
      queue.run();
      for (const keeping of kept) wakeSoon(keeping);
    },
    async stop() {
      await queue.close();
      await Promise.all([...keepings.values()].map(({ refresher }) => refresher.idle()));
      stopListening();
    },
  };
}
