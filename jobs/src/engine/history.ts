import { fingerprint } from '@zhongkong/shared';
import { z } from 'zod';
import type { CredentialId, KeeperState } from '../keeper/state.js';
import type { RedisClient } from '../redis/connections.js';
import { storeUnavailable } from '../redis/credential-store.js';
import type { Keys } from '../redis/keys.js';
import {
  type EngineObserver,
  type FetchEvent,
  outcomeOf,
  type PushEvent,
  type ReportEvent,
} from './events.js';
import { type HistoryPlace, historyId, newestFirst, rangeEndBefore } from './history-id.js';

/** Of each kind and credential; older ones are dropped. */
const ENTRIES_MAX = 1_000;

/** One entry of the history, as it is stored and given out. Holds fingerprints, never a token. */
export interface HistoryEntry {
  /** Grows with time. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly what: 'refresh' | 'push' | 'report';
  /** `refreshed`, `unchanged` and `failed` for a refresh or push; a report's verdict for a report. */
  readonly outcome: string;
  /** Why a refresh was made. */
  readonly reason?: string;
  readonly forced?: boolean;
  readonly client?: string;
  /** What the client's call, or the refresh itself, was answered. */
  readonly errcode?: number;
  readonly errmsg?: string;
  readonly fingerprintBefore?: string;
  readonly fingerprintAfter?: string;
  readonly tookMs: number;
}

export interface History extends EngineObserver {
  /** The newest first. @param before only entries older than this id @throws CodedError `store_unavailable` */
  read(id: CredentialId, limit: number, before?: string): Promise<HistoryEntry[]>;
}

/** @param onLost called when an entry could not be written; the log has it all the same */
export function createHistory(redis: RedisClient, keys: Keys, onLost: (error: unknown) => void): History {
  const write = (key: string, entry: Omit<HistoryEntry, 'id' | 'at'>) => {
    const text = JSON.stringify(entry);
    redis.xadd(key, 'MAXLEN', '~', ENTRIES_MAX, '*', 'entry', text).catch(onLost);
  };
  return {
    fetched: (event) => write(keys.refreshes(event.id), refreshEntry(event)),
    pushed: (event) => write(keys.refreshes(event.id), pushEntry(event)),
    checked: () => {},
    reported: (event) => write(keys.reports(event.id), reportEntry(event)),
    async read(id, limit, before) {
      const readFrom = async (place: HistoryPlace) => {
        const end = before === undefined ? '+' : rangeEndBefore(before, place);
        const found = await redis.xrevrange(keys[place](id), end, '-', 'COUNT', limit);
        return found.flatMap(([streamId, fields]) => toEntry(streamId, fields, place));
      };
      const parts = await Promise.all([readFrom('refreshes'), readFrom('reports')]).catch((error) => {
        throw storeUnavailable(error);
      });
      return parts.flat().sort(newestFirst).slice(0, limit);
    },
  };
}

function refreshEntry({
  attempt,
  client,
  before,
  after,
  tookMs,
}: FetchEvent): Omit<HistoryEntry, 'id' | 'at'> {
  const failure = after.failure === before.failure ? null : after.failure;
  const isNew = after.record?.version !== before.record?.version;
  return {
    what: 'refresh',
    outcome: failure !== null ? 'failed' : isNew ? 'refreshed' : 'unchanged',
    reason: attempt.reason,
    forced: attempt.force,
    ...defined({ client, errcode: failure?.errcode, errmsg: failure?.errmsg }),
    ...defined({ fingerprintBefore: fingerprintOf(before), fingerprintAfter: fingerprintOf(after) }),
    tookMs: Math.round(tookMs),
  };
}

function pushEntry({ client, before, after }: PushEvent): Omit<HistoryEntry, 'id' | 'at'> {
  return {
    what: 'push',
    outcome: after.record?.version === before.record?.version ? 'unchanged' : 'refreshed',
    client,
    ...defined({ fingerprintBefore: fingerprintOf(before), fingerprintAfter: fingerprintOf(after) }),
    tookMs: 0,
  };
}

function reportEntry(event: ReportEvent): Omit<HistoryEntry, 'id' | 'at'> {
  const { client, errcode, reported, answer, tookMs } = event;
  const before = reported === null ? undefined : fingerprint(reported.value);
  const after = answer?.record ? fingerprint(answer.record.value) : undefined;
  return {
    what: 'report',
    outcome: outcomeOf(event),
    client,
    ...defined({ errcode, fingerprintBefore: before, fingerprintAfter: after }),
    tookMs: Math.round(tookMs),
  };
}

const storedEntry = z.looseObject({
  what: z.enum(['refresh', 'push', 'report']),
  outcome: z.string(),
  tookMs: z.number(),
});

/** An entry that cannot be read is passed over. */
function toEntry(streamId: string, [, text = '']: string[], place: HistoryPlace): HistoryEntry[] {
  try {
    const entry = storedEntry.parse(JSON.parse(text)) as Omit<HistoryEntry, 'id' | 'at'>;
    const at = new Date(Number(streamId.split('-')[0])).toISOString();
    return [{ id: historyId(streamId, place), at, ...entry }];
  } catch {
    return [];
  }
}

function fingerprintOf({ record }: KeeperState): string | undefined {
  return record === null ? undefined : fingerprint(record.value);
}

function defined<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
