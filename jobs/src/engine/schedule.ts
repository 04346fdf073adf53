import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, UnrecoverableError, Worker } from 'bullmq';
import { type CredentialId, nameOf } from '../keeper/state.js';
import type { RedisConnections } from '../redis/connections.js';
import type { Keys } from '../redis/keys.js';
import type { Log } from './event-log.js';

const QUEUE_NAME = 'refresh';
const SWEEP = 'sweep';
/** Sessions mostly wait for WeChat, so one worker can run many at once. */
const CONCURRENCY = 50;
/** Closing waits only for connections to end; if that hangs, it is given up. */
const CLOSE_MS = 2_000;
const CHECK_EVERY_MS = 1_000;
/** The queue gets this long to wake what is due, before a server does it itself. */
const OVERDUE_MS = 1_000;
const SCAN_COUNT = 1_000;

/** A job names a credential, or nothing (the sweep); it never carries a token, a secret or a key. */
type RefreshJob = CredentialId | Record<string, never>;

/**
 * Wakes credentials: by delayed jobs, by a repeating sweep, and by this server's own check for overdue ones, which works
 * also when the queue has lost a job or Redis is away.
 */
export interface Schedule {
  /** Plans a wake-up for that instant. Planning the same instant twice is one plan. */
  plan(id: CredentialId, atMs: number): Promise<void>;
  /** Makes the sweep if it is missing, as after Redis has lost its data, or comes less often. */
  ensureSweep(everyMs: number): Promise<void>;
  /** Removes all plans of an app. */
  forget(appId: string): Promise<void>;
  /** Begins to wake. */
  start(): void;
  /** Takes no more jobs, and lets go of Redis. Does not wait for sessions under way. */
  stop(): Promise<void>;
}

export interface ScheduleOptions {
  readonly connections: RedisConnections;
  readonly keys: Keys;
  readonly nowMs: () => number;
  /** A job came due. */
  readonly wake: (id: CredentialId) => Promise<void>;
  /** Called by the sweep, and once a second to wake what the queue should have woken a while ago. */
  readonly wakeOverdue: (graceMs: number) => void;
  /** Called once a second. */
  readonly everySecond: () => void;
  /** A job was handed over, this long after it was due. */
  readonly onLag: (lagMs: number) => void;
  readonly log: Log;
}

export function createSchedule(options: ScheduleOptions): Schedule {
  const { connections, keys, nowMs, wake, wakeOverdue, everySecond, onLag, log } = options;
  const queue = new Queue<RefreshJob>(QUEUE_NAME, {
    connection: connections.commands,
    prefix: keys.queuePrefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: { count: 100 } },
  });
  // A worker blocks on Redis and waits for it as long as it takes; the rest of the server fails fast instead.
  const blocking = connections.open();
  const worker = new Worker<RefreshJob>(
    QUEUE_NAME,
    async ({ name, data, timestamp, opts, processedOn }) => {
      // BullMQ plans by the clock of the process that adds the job.
      onLag(Math.max(0, (processedOn ?? Date.now()) - timestamp - (opts.delay ?? 0)));
      if (name === SWEEP) return wakeOverdue(0);
      if (typeof data?.appId !== 'string') throw new UnrecoverableError('a job without an app');
      await wake(data as CredentialId);
    },
    {
      connection: blocking,
      prefix: keys.queuePrefix,
      autorun: false,
      concurrency: CONCURRENCY,
      // After Redis was away, retry soon: a token may be due.
      runRetryDelay: 500,
    },
  );
  const onError = (error: Error) => log.debug({ error: error.message }, 'queue: Redis connection lost');
  // The sweep makes up for a failed job, and ioredis for a lost connection.
  worker.on('failed', (job, error) =>
    log.warn({ job: job?.id, error: error.message }, 'a planned refresh failed'),
  );
  worker.on('error', onError);
  queue.on('error', onError);
  blocking.on('error', () => {});
  let overdueTimer: NodeJS.Timeout | undefined;

  /** The ids of an app's jobs in a sorted set of the queue; they begin with the app's id. */
  async function jobsOf(appId: string, set: 'delayed' | 'failed'): Promise<string[]> {
    const found: string[] = [];
    let cursor = '0';
    do {
      const [next, members] = await connections.commands.zscan(
        queue.toKey(set),
        cursor,
        'MATCH',
        `${appId}.*`,
        'COUNT',
        SCAN_COUNT,
      );
      cursor = next;
      found.push(...members.filter((_member, index) => index % 2 === 0));
    } while (cursor !== '0');
    return found;
  }

  return {
    async plan(id, atMs) {
      const jobId = `${nameOf(id)}.${Math.ceil(atMs)}`;
      await queue.add('wake', id, { jobId, delay: Math.max(0, Math.ceil(atMs - nowMs())) });
    },
    async ensureSweep(everyMs) {
      const existing = await queue.getJobSchedulers();
      // Version 0.1.0 had a sweep for each app.
      const old = existing.filter(({ key }) => key !== SWEEP);
      for (const { key } of old) await queue.removeJobScheduler(key);
      // Of servers that differ, the one that wants it most often decides.
      if (existing.some(({ key, every }) => key === SWEEP && Number(every) <= everyMs)) return;
      await queue.upsertJobScheduler(SWEEP, { every: everyMs }, { name: SWEEP, data: {} });
    },
    async forget(appId) {
      const jobs = [...(await jobsOf(appId, 'delayed')), ...(await jobsOf(appId, 'failed'))];
      for (const job of jobs) await queue.remove(job);
      // BullMQ's own record of events names jobs, and nobody here reads it.
      await queue.trimEvents(0);
    },
    start() {
      worker.run().catch((error: Error) => log.error({ error: error.message }, 'the queue stopped'));
      overdueTimer = setInterval(() => {
        everySecond();
        wakeOverdue(OVERDUE_MS);
      }, CHECK_EVERY_MS).unref();
    },
    async stop() {
      clearInterval(overdueTimer);
      // By force, since BullMQ waits for a Redis that has just died. A job whose end is not noted comes once more, which
      // costs one session; the engine waits for sessions under way.
      const closed = worker.close(true).then(() => queue.close());
      await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
      blocking.disconnect();
    },
  };
}
