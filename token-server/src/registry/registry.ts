import { REGISTRY_TABLES, type RegistryEntry, type RegistryStore, type RegistryTable } from '@zhongkong/jobs';
import type { ClientDirectory } from '../clients/client-directory.js';
import { clientEntry } from '../clients/client-entry.js';
import type { Logger } from '../logger.js';
import type { AppDirectory } from '../tokens/app-directory.js';
import { appEntry } from '../tokens/app-entry.js';

export interface RegistryDeps {
  readonly store: RegistryStore;
  readonly apps: AppDirectory;
  readonly clients: ClientDirectory;
  readonly log: Logger;
}

/** What this server knows of one entry; `value` is undefined after it was removed. */
interface Known {
  readonly value: object | undefined;
  readonly changeId: string;
}

const NOTHING_YET = '0-0';

/**
 * Keeps this server's apps and clients equal to what the registry holds. It is asked every second and on each notice, so
 * that a notice that got lost makes a change late by a second only.
 */
export class Registry {
  readonly #deps: RegistryDeps;
  readonly #known: Record<RegistryTable, Map<string, Known>> = { apps: new Map(), clients: new Map() };
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | null = null;
  #changeId: string | null = null;
  #isRead = false;

  constructor(deps: RegistryDeps) {
    this.#deps = deps;
  }

  /** Takes over what has changed since the last time. @throws CodedError `store_unavailable` */
  sync(): Promise<void> {
    // One that runs already may have begun before the change that the caller knows of.
    this.#waiting ??= this.#running
      .catch(() => {})
      .then(() => {
        this.#waiting = null;
        this.#running = this.#sync();
        return this.#running;
      });
    return this.#waiting;
  }

  async #sync(): Promise<void> {
    const { store } = this.#deps;
    const last = await store.lastChangeId();
    if (this.#isRead && last === this.#changeId) return;
    const known = this.#changeId;
    if (this.#isRead && known !== null && (last === null || isBefore(last, known)))
      await this.#giveBack(last);
    const changes = known === null ? null : await store.changesAfter(known);
    if (!this.#isRead || changes === null) {
      const changeId = (await store.lastChangeId()) ?? NOTHING_YET;
      for (const table of REGISTRY_TABLES) await this.#readAll(table, changeId);
      this.#changeId = changeId === NOTHING_YET ? null : changeId;
      this.#isRead = true;
      return;
    }
    for (const { table, id, changeId } of changes) {
      this.#take(table, id, await store.read(table, id), changeId);
      this.#changeId = changeId;
    }
  }

  async #readAll(table: RegistryTable, changeId: string): Promise<void> {
    const entries = await this.#deps.store.readAll(table);
    const there = new Set(entries.map(({ id }) => id));
    for (const [id, { value }] of this.#known[table]) {
      if (value !== undefined && !there.has(id)) this.#take(table, id, undefined, changeId);
    }
    for (const entry of entries) this.#take(table, entry.id, entry, changeId);
  }

  #take(table: RegistryTable, id: string, entry: RegistryEntry | undefined, changeId: string): void {
    const { apps, clients, log } = this.#deps;
    const known = this.#known[table].get(id);
    const { success, data } = SCHEMAS[table].safeParse(entry?.value);
    if (entry !== undefined && !success) {
      if (known === undefined) log.error({ table, id }, 'an entry of the registry cannot be read');
      return;
    }
    if (JSON.stringify(data) === JSON.stringify(known?.value)) return;
    this.#known[table].set(id, { value: data, changeId });
    if (table === 'apps') apps.setEntry(id, data as never);
    else clients.setEntry(id, data as never);
  }

  /** Redis came back empty or older: what this server knows to be newer is stored again. */
  async #giveBack(last: string | null): Promise<void> {
    const { store, log } = this.#deps;
    let count = 0;
    for (const table of REGISTRY_TABLES) {
      for (const [id, { value, changeId }] of this.#known[table]) {
        if (last !== null && !isBefore(last, changeId)) continue;
        const current = await store.read(table, id);
        if (value === undefined && current === undefined) continue;
        if (JSON.stringify(current?.value) === JSON.stringify(value)) continue;
        await store.put(table, id, current, value);
        count += 1;
      }
    }
    log.warn({ entries: count }, 'Redis had lost changes of apps and clients; they were stored again');
  }
}

const SCHEMAS = { apps: appEntry, clients: clientEntry } as const;

/** Whether one id of a Redis stream is before another. */
function isBefore(id: string, other: string): boolean {
  const [ms = 0, count = 0] = id.split('-').map(Number);
  const [otherMs = 0, otherCount = 0] = other.split('-').map(Number);
  return ms === otherMs ? count < otherCount : ms < otherMs;
}
