import { type Keys, type RedisClient, storeUnavailable } from '@zhongkong/jobs';
import type { AuditAction, AuditEntry } from '@zhongkong/shared/contract';
import type { Logger } from '../logger.js';

const ENTRIES_MAX = 10_000;

/** Who makes a change. */
export interface Actor {
  readonly client: string;
  readonly clientId: string;
  readonly address: string;
  readonly requestId?: string;
}

interface AuditedChange {
  readonly action: AuditAction;
  /** What was changed: an app id, the name of a client, or nothing of the kind. */
  readonly target: string;
  /** Secrets and keys appear as fingerprints. */
  readonly before?: object;
  readonly after?: object;
}

/** Who changed what and when; one list for all servers. */
export interface Audit {
  /** Writes a change down, in the log too. Never rejects: what was done is done. */
  note(actor: Actor, change: AuditedChange): Promise<void>;
  /** The newest first. @param before only entries older than this id @throws CodedError `store_unavailable` */
  read(limit: number, before?: string): Promise<AuditEntry[]>;
}

export function createAudit(redis: RedisClient, keys: Keys, log: Logger): Audit {
  return {
    async note(actor, change) {
      const entry = { ...actor, ...change };
      log.info(entry, 'changed by an operator');
      const text = JSON.stringify(entry);
      await redis
        .xadd(keys.audit, 'MAXLEN', '~', ENTRIES_MAX, '*', 'entry', text)
        .catch((error: unknown) => log.warn({ err: error }, 'a change could not be written to the audit'));
    },
    async read(limit, before) {
      const end = before === undefined ? '+' : `(${before}`;
      const found = await redis.xrevrange(keys.audit, end, '-', 'COUNT', limit).catch((error: unknown) => {
        throw storeUnavailable(error);
      });
      return found.flatMap(([id, fields]) => toEntry(id, fields[1] ?? ''));
    },
  };
}

/** An entry that cannot be read is passed over. */
function toEntry(id: string, text: string): AuditEntry[] {
  try {
    return [{ id, at: new Date(Number(id.split('-')[0])).toISOString(), ...JSON.parse(text) }];
  } catch {
    return [];
  }
}
