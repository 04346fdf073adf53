import { type EngineObserver, outcomeOf } from '@zhongkong/jobs';
import type { Registry } from 'prom-client';
import type { BoundedLabels } from './bounded-labels.js';
import { CATALOGUE, counter, histogram } from './catalogue.js';

/** Counts what the engine does. Labels hold app ids and words, never a token. */
export interface EngineMetrics extends EngineObserver {
  /** Removes the series of apps that are gone. */
  forget(appIds: readonly string[]): Promise<void>;
}

export function createEngineMetrics(registry: Registry, labels: BoundedLabels): EngineMetrics {
  const fetches = counter(CATALOGUE.fetches, registry);
  const fetchSeconds = histogram(CATALOGUE.fetchSeconds, registry);
  const pushes = counter(CATALOGUE.pushes, registry);
  const checks = counter(CATALOGUE.checks, registry);
  const reports = counter(CATALOGUE.reports, registry);
  const shared = counter(CATALOGUE.shared, registry);
  const leaseWaits = histogram(CATALOGUE.leaseWaits, registry);
  const queueLag = histogram(CATALOGUE.queueLag, registry);
  const overdue = counter(CATALOGUE.overdue, registry);
  return {
    fetched({ id, attempt, before, after, tookMs }) {
      const failed = after.failure !== null && after.failure !== before.failure;
      const outcome = failed ? (after.failure?.kind ?? 'failed') : 'ok';
      fetches.inc({ app: labels.app(id.appId), kind: id.kind, reason: attempt.reason, outcome });
      fetchSeconds.observe(tookMs / 1000);
    },
    pushed: ({ id }) => pushes.inc({ app: labels.app(id.appId) }),
    checked: ({ id, verdict }) => checks.inc({ app: labels.app(id.appId), verdict }),
    reported(event) {
      const { appId } = event.id;
      const client = labels.client(appId, event.client);
      reports.inc({ app: labels.app(appId), client, outcome: outcomeOf(event) });
    },
    shared: ({ what, callers }) => shared.inc({ what }, callers),
    leaseWaited: ({ outcome, tookMs }) => leaseWaits.observe({ outcome }, tookMs / 1000),
    queueLagged: (lagMs) => queueLag.observe(lagMs / 1000),
    overdue: () => overdue.inc(),
    async forget(appIds) {
      const gone = new Set<string | number | undefined>(appIds);
      for (const perApp of [fetches, pushes, checks, reports]) {
        for (const { labels: series } of (await perApp.get()).values)
          if (gone.has(series.app)) perApp.remove(series as Record<string, string>);
      }
    },
  };
}
