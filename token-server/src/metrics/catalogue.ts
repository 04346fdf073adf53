import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** All that is said of a metric: to Prometheus, and on the page docs/metrics.md, which is made of this. */
export interface MetricFacts<Label extends string = string> {
  readonly name: `zhongkong_${string}`;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly Label[];
  readonly help: string;
  /** What to alert on. @defaultValue nothing */
  readonly alertOn?: string;
}

const define = <const Label extends string = never>(
  name: MetricFacts['name'],
  type: MetricFacts['type'],
  help: string,
  { labels = [], alertOn }: { labels?: readonly Label[]; alertOn?: string } = {},
): MetricFacts<Label> => ({ name, type, labels, help, ...(alertOn === undefined ? {} : { alertOn }) });

/** What this server counts, besides what every Node.js process has. */
export const CATALOGUE = {
  buildInfo: define('zhongkong_build_info', 'gauge', 'Always 1; the labels say what runs', {
    labels: ['version', 'node'],
    alertOn: 'more than one version for long: an upgrade that was not finished',
  }),
  apps: define('zhongkong_apps', 'gauge', 'Apps by where their access token stands', {
    labels: ['phase'],
    alertOn: '`dead`, `expired` or `missing` above 0 for minutes',
  }),
  expiresIn: define(
    'zhongkong_token_expires_in_seconds',
    'gauge',
    'What is left of the token; 0 when there is none',
    {
      labels: ['app'],
      alertOn: '0, or falling below the lead (290 s in stable mode) for minutes',
    },
  ),
  age: define('zhongkong_token_age_seconds', 'gauge', 'How long ago the token was fetched or pushed', {
    labels: ['app'],
    alertOn: 'more than two hours: nothing renews it',
  }),
  version: define(
    'zhongkong_token_version',
    'gauge',
    'The version of the token; 0 when there never was one',
    {
      labels: ['app'],
    },
  ),
  failures: define('zhongkong_refresh_failures', 'gauge', 'Fetches that failed in a row', {
    labels: ['app'],
    alertOn: 'more than a few',
  }),
  failing: define(
    'zhongkong_app_failing',
    'gauge',
    '1 while fetches of the app fail, with the kind of the last fault; missing while they succeed',
    { labels: ['app', 'kind'], alertOn: '`misconfigured`: an operator has to act; `exhausted`: a quota' },
  ),
  conflict: define('zhongkong_conflict', 'gauge', '1 when somebody else seems to fetch tokens of the app', {
    labels: ['app'],
    alertOn: '1',
  }),
  budgetUsed: define(
    'zhongkong_budget_used',
    'gauge',
    'What was used of a budget today (Asia/Shanghai); `fetches` in classic mode, `forced` in stable mode',
    { labels: ['app', 'budget'], alertOn: '80 % of the limit' },
  ),
  budgetLimit: define('zhongkong_budget_limit', 'gauge', 'What a budget allows in a day', {
    labels: ['app', 'budget'],
  }),
  clientExpiresIn: define(
    'zhongkong_client_expires_in_seconds',
    'gauge',
    'What is left of the keys of a client that has an end; 0 when they have ended',
    { labels: ['client'], alertOn: 'less than 14 days' },
  ),
  fetches: define('zhongkong_fetches_total', 'counter', 'Fetches of tokens and tickets by this server', {
    labels: ['app', 'kind', 'reason', 'outcome'],
    alertOn: 'many with the reason `passive`: tokens die early; outcomes other than `ok`',
  }),
  fetchSeconds: define(
    'zhongkong_fetch_duration_seconds',
    'histogram',
    'How long fetches of tokens and tickets took',
    { alertOn: 'slow answers of WeChat' },
  ),
  pushes: define(
    'zhongkong_pushes_total',
    'counter',
    'Tokens that another system handed to this server (external mode)',
    { labels: ['app'] },
  ),
  checks: define('zhongkong_verifications_total', 'counter', 'Checks of a reported token by this server', {
    labels: ['app', 'verdict'],
    alertOn: '`unreachable`: WeChat does not answer',
  }),
  reports: define(
    'zhongkong_reports_total',
    'counter',
    "Clients' reports of a dead token to this server; the outcome is that of the report, `unanswered` when it ended in an error",
    { labels: ['app', 'client', 'outcome'], alertOn: '`failed`, `over-budget`, `unanswered`' },
  ),
  shared: define(
    'zhongkong_coalesced_callers_total',
    'counter',
    'Callers that got the result of what was under way for another one: `report` or `read`',
    { labels: ['what'] },
  ),
  leaseWaits: define(
    'zhongkong_lease_wait_duration_seconds',
    'histogram',
    'How long sessions waited for the lease of another server; sessions that took it at once are not counted',
    { labels: ['outcome'], alertOn: '`busy`: a server hangs while it holds the lease' },
  ),
  queueLag: define(
    'zhongkong_queue_lag_seconds',
    'histogram',
    'How much later than planned the queue handed jobs over',
    { alertOn: 'seconds: too few servers, or a slow Redis' },
  ),
  overdue: define(
    'zhongkong_overdue_wakes_total',
    'counter',
    "Credentials that this server's own check woke, since the queue had not",
    { alertOn: 'a steady rate: the queue loses jobs, or Redis is away' },
  ),
  redisReachable: define('zhongkong_redis_reachable', 'gauge', '1 while Redis answers', { alertOn: '0' }),
  redisUsable: define(
    'zhongkong_redis_usable',
    'gauge',
    '1 while Redis accepts writes and grants all rights; 0 while it refuses or does not answer',
    { alertOn: '0' },
  ),
  unreadableValues: define(
    'zhongkong_unreadable_values_total',
    'counter',
    'Reads of a sealed value in Redis whose master key this server does not have',
    { alertOn: 'any increase: a server lacks a master key' },
  ),
  streams: define('zhongkong_event_streams', 'gauge', 'Event streams that are open'),
  streamsDropped: define(
    'zhongkong_event_streams_dropped_total',
    'counter',
    'Event streams that were ended because their reader did not take what was sent',
    { alertOn: 'a steady rate: a client that hangs' },
  ),
  events: define('zhongkong_events_total', 'counter', 'Tokens sent to event streams'),
  requestSeconds: define(
    'zhongkong_http_request_duration_seconds',
    'histogram',
    'How long requests to this server took; the route is the declared one',
    { labels: ['method', 'route', 'status'], alertOn: 'status 500; many 503' },
  ),
  wrongKeys: define('zhongkong_wrong_keys_total', 'counter', 'Client keys that nobody has', {
    labels: ['answer'],
    alertOn: 'a rate above that of a mistake: somebody guesses',
  }),
  alerts: define('zhongkong_alert_messages_total', 'counter', 'Messages to robots and webhooks', {
    labels: ['type', 'outcome'],
    alertOn: '`failed`: people are not reached',
  }),
  droppedLogLines: define(
    'zhongkong_log_lines_dropped_total',
    'counter',
    'Log lines that were dropped because standard output could not be written',
    { alertOn: 'any' },
  ),
} as const;

/** Seconds: from an answer out of memory to a WeChat that needs its whole time limit. */
const SECONDS_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function counter<L extends string>(facts: MetricFacts<L>, registry: Registry): Counter<L> {
  return new Counter(optionsOf(facts, registry));
}

export function gauge<L extends string>(facts: MetricFacts<L>, registry: Registry): Gauge<L> {
  return new Gauge(optionsOf(facts, registry));
}

export function histogram<L extends string>(facts: MetricFacts<L>, registry: Registry): Histogram<L> {
  return new Histogram({ ...optionsOf(facts, registry), buckets: SECONDS_BUCKETS });
}

function optionsOf<L extends string>({ name, help, labels }: MetricFacts<L>, registry: Registry) {
  return { name, help, labelNames: labels, registers: [registry] };
}
