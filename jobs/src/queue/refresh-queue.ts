import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, UnrecoverableError, Worker } from 'bullmq';
import type { CredentialId } from '../core/credential.js';
import type { Log } from '../engine/log.js';
import type { RedisConnections } from '../redis/connections.js';
import { keys } from '../redis/keys.js';

const QUEUE_NAME = 'refresh';
/** Sessions mostly wait for the platform, so one worker can look after many apps at once. */
const CONCURRENCY = 50;

/** If Redis goes away in the middle of it, closing is given up. */
const CLOSE_MS = 10_000;

/** A job carries what to look at; never a token, a secret or a key. */
type RefreshJob = CredentialId;

/** The schedule: delayed jobs for planned refreshes, and a repeating sweep for each credential. */
export interface RefreshQueue {
  /** Plans a `woken` for that instant. Planning the same instant twice is one plan. */
  plan(id: CredentialId, atMs: number, nowMs: number): Promise<void>;
  /** Has every credential looked at again and again, and forgets those that are no longer there. */
  sweepAll(sweeps: readonly { id: CredentialId; everyMs: number }[]): Promise<void>;
  /** How many credentials are looked at again and again; fewer than there are when Redis has lost its data. */
  sweeps(): Promise<number>;
  /** Lets jobs come in. */
  run(): void;
  /** Waits for the jobs under way, unless Redis is away, then lets go of it. */
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
      const wanted = new Set(sweeps.map(({ id }) => nameOf(id)));
      for (const { key } of await queue.getJobSchedulers()) {
        if (!wanted.has(key)) await queue.removeJobScheduler(key);
      }
      for (const { id, everyMs } of sweeps) {
        await queue.upsertJobScheduler(nameOf(id), { every: everyMs }, { name: 'sweep', data: id });
      }
    },
    sweeps: () => queue.getJobSchedulersCount(),
    run() {
      worker.run().catch((error: Error) => log.error({ error: error.message }, 'the queue stopped'));
    },
    async close() {
      // By force when Redis is away: BullMQ would wait for it, to tell it what cannot be told.
      const byForce = patient.status !== 'ready';
      const closed = worker.close(byForce).then(() => queue.close());
      await Promise.race([closed, sleep(CLOSE_MS, undefined, { ref: false })]);
      patient.disconnect();
    },
  };
}

/** A job id may not hold `:`. */
function nameOf({ appId, kind }: CredentialId): string {
  return `${appId}.${kind}`;
}
