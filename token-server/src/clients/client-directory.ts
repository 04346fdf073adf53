import { sha256Hex } from '@zhongkong/shared';
import type { ClientSettings } from '../config/config.js';
import { type ClientEntry, toClientSettings } from './client-entry.js';

const INDEX_AGAIN_AFTER_MS = 1_000;

/**
 * All clients of this server: those of the configuration file, and those of the registry. Keys are looked up by their
 * hash, so the time that it takes says nothing about a key.
 */
export class ClientDirectory {
  #file: readonly ClientSettings[] = [];
  #fileByHash: ReadonlyMap<string, ClientSettings> = new Map();
  #indexedAtMs = Number.NEGATIVE_INFINITY;
  #generation = 0;
  readonly #entries = new Map<string, ClientEntry>();
  readonly #apiByHash = new Map<string, ClientSettings>();
  readonly #nowMs: () => number;

  /** @param nowMs the time that the ends of keys are compared with */
  constructor(file: readonly ClientSettings[], nowMs: () => number) {
    this.#nowMs = nowMs;
    this.setFile(file);
  }

  /** The client of a key; undefined: there is none, or its time is over. */
  find(key: string): ClientSettings | undefined {
    return this.findByHash(sha256Hex(key));
  }

  findByHash(keySha256: string): ClientSettings | undefined {
    this.#readFilesAgain();
    const client = this.#fileByHash.get(keySha256) ?? this.#apiByHash.get(keySha256);
    const isOver = client?.expiresAtMs !== undefined && client.expiresAtMs <= this.#nowMs();
    return isOver ? undefined : client;
  }

  /** Another number after each change of any client, and whenever the files of keys may have been replaced. */
  get generation(): number {
    this.#readFilesAgain();
    return this.#generation;
  }

  fileClients(): readonly ClientSettings[] {
    return this.#file;
  }

  /** Clients of the registry, by id. */
  entries(): ReadonlyMap<string, ClientEntry> {
    return this.#entries;
  }

  /** All keys, with their ends. */
  keys(): { client: string; expiresAtMs: number | undefined }[] {
    const all = [...this.#file, ...this.#apiByHash.values()];
    return all.map(({ name, expiresAtMs }) => ({ client: name, expiresAtMs }));
  }

  /** @returns the names of the clients that came, changed and went */
  setFile(clients: readonly ClientSettings[]): { added: string[]; changed: string[]; removed: string[] } {
    const before = new Map(this.#file.map((client) => [client.name, describe(client)]));
    this.#file = clients;
    this.#indexedAtMs = Number.NEGATIVE_INFINITY;
    const names = clients.map(({ name }) => name);
    return {
      added: names.filter((name) => !before.has(name)),
      changed: clients
        .filter((client) => before.has(client.name) && before.get(client.name) !== describe(client))
        .map(({ name }) => name),
      removed: [...before.keys()].filter((name) => !names.includes(name)),
    };
  }

  /** Takes an entry of the registry over. @param entry undefined: it was removed */
  setEntry(id: string, entry: ClientEntry | undefined): void {
    for (const { sha256 } of this.#entries.get(id)?.keys ?? []) this.#apiByHash.delete(sha256);
    this.#generation += 1;
    if (entry === undefined) this.#entries.delete(id);
    else {
      this.#entries.set(id, entry);
      for (const client of toClientSettings(id, entry)) this.#apiByHash.set(client.keySha256, client);
    }
  }

  /** The file that a client's key comes from may have been replaced. */
  #readFilesAgain(): void {
    const now = performance.now();
    if (now - this.#indexedAtMs < INDEX_AGAIN_AFTER_MS) return;
    this.#fileByHash = new Map(this.#file.map((client) => [client.keySha256, client]));
    this.#indexedAtMs = now;
    this.#generation += 1;
  }
}

/** Everything that a client may do, and its key, in one text. */
export function describe({ keySha256, ...client }: ClientSettings): string {
  return JSON.stringify({ ...client, keySha256 });
}
