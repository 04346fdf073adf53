import { type EngineObserver, outcomeOf } from '@zhongkong/jobs';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { type GaugeSources, watchApps } from './app-gauges.js';
import { createEventMetrics, type EventMetrics } from './event-metrics.js';
import { watchMasterKey } from './master-key-metrics.js';

/** Seconds: from an answer out of memory to a WeChat that needs its whole time limit. */
const SECONDS_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What this server counts; each server has its own. Labels hold app ids and words, never a token. */
export interface Metrics extends EngineObserver {
  readonly contentType: string;
  /** Prometheus' text format. */
  text(): Promise<string>;
  requested(method: string, route: string, status: number, seconds: number): void;
  /** A client key that nobody has; `not checked`: too many came from that address. */
  wrongKey(answer: 'refused' | 'not checked'): void;
  readonly events: EventMetrics;
  /** Adds what is read off the engine whenever somebody asks. */
  watch(sources: GaugeSources): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'zhongkong_' });
  const fetches = new Counter({
    name: 'zhongkong_fetches_total',
    help: 'Fetches of tokens and tickets by this server',
    labelNames: ['app', 'kind', 'reason', 'outcome'],
    registers,
  });
  const fetchSeconds = new Histogram({
    name: 'zhongkong_fetch_duration_seconds',
    help: 'How long fetches of tokens and tickets took',
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const pushes = new Counter({
    name: 'zhongkong_pushes_total',
    help: 'Tokens that another system handed to this server',
    labelNames: ['app'],
    registers,
  });
  const checks = new Counter({
    name: 'zhongkong_verifications_total',
    help: 'Checks of a reported token by this server',
    labelNames: ['app', 'verdict'],
    registers,
  });
  const reports = new Counter({
    name: 'zhongkong_reports_total',
    help: "Clients' reports of a dead token to this server",
    labelNames: ['app', 'client', 'outcome'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'zhongkong_http_request_duration_seconds',
    help: 'How long requests to this server took',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS_BUCKETS,
    registers,
  });
  const wrongKeys = new Counter({
    name: 'zhongkong_wrong_keys_total',
    help: 'Client keys that nobody has',
    labelNames: ['answer'],
    registers,
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    requested: (method, route, status, seconds) => requestSeconds.observe({ method, route, status }, seconds),
    wrongKey: (answer) => wrongKeys.inc({ answer }),
    events: createEventMetrics(registry),
    watch(sources) {
      watchApps(registry, sources);
      watchMasterKey(registry, sources.unknownKeys);
    },
    fetched({ id, attempt, before, after, tookMs }) {
      const failed = after.failure !== null && after.failure !== before.failure;
      const outcome = failed ? (after.failure?.kind ?? 'failed') : 'ok';
      fetches.inc({ app: id.appId, kind: id.kind, reason: attempt.reason, outcome });
      fetchSeconds.observe(tookMs / 1000);
    },
    pushed: ({ id }) => pushes.inc({ app: id.appId }),
    checked: ({ id, verdict }) => checks.inc({ app: id.appId, verdict }),
    reported: (event) =>
      reports.inc({ app: event.id.appId, client: event.client, outcome: outcomeOf(event) }),
  };
}
