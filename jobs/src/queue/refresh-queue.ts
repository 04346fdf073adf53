import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, UnrecoverableError, Worker } from 'bullmq';
import { type CredentialId, nameOf } from '../core/credential.js';
import type { Log } from '../engine/log.js';
import type { RedisConnections } from '../redis/connections.js';
import { keys } from '../redis/keys.js';

const QUEUE_NAME = 'refresh';
/** Sessions mostly wait for the platform, so one worker can look after many apps at once. */
const CONCURRENCY = 50;

/** Closing waits for nothing but connections to end; if it hangs all the same, it is given up. */
const CLOSE_MS = 2_000;

/** A job carries what to look at; never a token, a secret or a key. */
type RefreshJob = CredentialId;

export interface Sweep {
  readonly id: CredentialId;
  readonly everyMs: number;
}

/** The schedule: delayed jobs for planned refreshes, and a repeating sweep for each credential. */
export interface RefreshQueue {
  /** Plans a `woken` for that instant. Planning the same instant twice is one plan. */
  plan(id: CredentialId, atMs: number, nowMs: number): Promise<void>;
  /** Has these credentials looked at again and again. Those of other servers' apps are left alone. */
  sweepAll(sweeps: readonly Sweep[]): Promise<void>;
  /** Whether all of these are looked at; not so after Redis has lost its data. */
  sweepsAll(sweeps: readonly Sweep[]): Promise<boolean>;
  /** Lets jobs come in. */
  run(): void;
  /** Takes no more jobs, and lets go of Redis. Does not wait for what jobs have begun. */
  close(): Promise<void>;
}

export interface RefreshQueueOptions {
  readonly connections: RedisConnections;
  readonly woken: (id: CredentialId) => Promise<void>;
  readonly log: Log;
}

export function createRefreshQueue({ connections, woken, log }: RefreshQueueOptions): RefreshQueue {
  const queue = new Queue<RefreshJob>(QUEUE_NAME, {
    connection: connections.commands,
    prefix: keys.queuePrefix,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: { count: 100 } },
  });
  // A worker waits for Redis as long as it takes, and blocks on it; the rest of the server fails fast instead.
  const patient = connections.open();
  const worker = new Worker<RefreshJob>(
    QUEUE_NAME,
    async ({ data }) => {
      if (typeof data.appId !== 'string') throw new UnrecoverableError('a job without an app');
      await woken(data);
    },
    {
      connection: patient,
      prefix: keys.queuePrefix,
      autorun: false,
      concurrency: CONCURRENCY,
      // After Redis was away, look again soon: a token may be due.
      runRetryDelay: 500,
    },
  );
  // A failed job is mended by the sweep, and a lost connection by ioredis: neither is more than a warning.
  worker.on('failed', (job, error) =>
    log.warn({ job: job?.id, error: error.message }, 'a planned refresh failed'),
  );
  worker.on('error', (error) => log.debug({ error: error.message }, 'the queue lost Redis'));
  patient.on('error', () => {});
  queue.on('error', (error) => log.debug({ error: error.message }, 'the queue lost Redis'));
  return {
    async plan(id, atMs, nowMs) {
      const jobId = `${nameOf(id)}.${Math.ceil(atMs)}`;
      await queue.add('wake', id, { jobId, delay: Math.max(0, Math.ceil(atMs - nowMs)) });
    },
    async sweepAll(sweeps) {
      for (const { id, everyMs } of sweeps) {
        await queue.upsertJobScheduler(nameOf(id), { every: everyMs }, { name: 'sweep', data: id });
      }
    },
    async sweepsAll(sweeps) {
      const there = new Set((await queue.getJobSchedulers()).map(({ key }) => key));
      return sweeps.every(({ id }) => there.has(nameOf(id)));
    },
    run() {
      worker.run().catch((error: Error) => log.error({ error: error.message }, 'the queue stopped'));
    },
    async close() {
      // By force, since BullMQ waits for a Redis that has just died. A job whose end is not noted comes once more, which
      // is one look more; what it has begun is waited for by whoever runs it.
      const closed = worker.close(true).then(() => queue.close());
      await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
      patient.disconnect();
    },
  };
}
