import type { RegisteredClient } from '@zhongkong/shared/contract';
import type { ClientSettings } from '../config/config.js';
import type { ClientDirectory } from './client-directory.js';
import type { ClientEntry } from './client-entry.js';
import type { LastUsed } from './last-used.js';

export interface ClientPage {
  readonly limit: number;
  readonly after?: string | undefined;
  readonly q?: string | undefined;
}

/** A page of all clients, by id. Their keys never come back. */
export async function listClients(
  directory: ClientDirectory,
  lastUsed: LastUsed,
  { limit, after = '', q = '' }: ClientPage,
): Promise<{ clients: RegisteredClient[]; next: string | null }> {
  const wanted = [
    ...directory.fileClients().map(({ id, name }) => ({ id, name })),
    ...[...directory.entries()].map(([id, { name }]) => ({ id, name })),
  ]
    .filter(({ id, name }) => id > after && `${id} ${name}`.toLowerCase().includes(q.toLowerCase()))
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  const page = wanted.slice(0, limit).flatMap(({ id }) => describeClient(directory, id) ?? []);
  const used = await lastUsed.read(page.flatMap(({ keys }) => keys.map((key) => key.id)));
  const next = wanted.length > limit ? (page.at(-1)?.id ?? null) : null;
  return { clients: page.map((client) => withUse(client, used)), next };
}

/** One client as operators see it; undefined: there is none. */
export async function findClient(
  directory: ClientDirectory,
  lastUsed: LastUsed,
  id: string,
): Promise<RegisteredClient | undefined> {
  const client = describeClient(directory, id);
  return client && withUse(client, await lastUsed.read(client.keys.map((key) => key.id)));
}

function describeClient(directory: ClientDirectory, id: string): RegisteredClient | undefined {
  const entry = directory.entries().get(id);
  if (entry !== undefined) return ofEntry(id, entry);
  const client = directory.fileClients().find((one) => one.id === id);
  return client && ofFile(client);
}

function ofEntry(id: string, entry: ClientEntry): RegisteredClient {
  const { name, apps, scopes, dropInExpiresIn, createdAtMs, expiresAtMs, keys } = entry;
  return {
    id,
    name,
    apps,
    scopes,
    source: 'api',
    ...(dropInExpiresIn === undefined ? {} : { dropInExpiresIn }),
    createdAt: iso(createdAtMs),
    expiresAt: expiresAtMs === null ? null : iso(expiresAtMs),
    lastUsedAt: null,
    keys: keys.map((key) => ({ id: key.id, createdAt: iso(key.createdAtMs), lastUsedAt: null })),
  };
}

function ofFile({ id, keyId, name, apps, scopes, dropInExpiresInSeconds }: ClientSettings): RegisteredClient {
  return {
    id,
    name,
    apps: [...apps],
    scopes: [...scopes],
    source: 'file',
    ...(dropInExpiresInSeconds === undefined ? {} : { dropInExpiresIn: dropInExpiresInSeconds }),
    createdAt: null,
    expiresAt: null,
    lastUsedAt: null,
    keys: [{ id: keyId, createdAt: null, lastUsedAt: null }],
  };
}

function withUse(client: RegisteredClient, used: ReadonlyMap<string, number>): RegisteredClient {
  const usedAt = (keyId: string) => {
    const atMs = used.get(keyId);
    return atMs === undefined ? null : iso(atMs);
  };
  const keys = client.keys.map((key) => ({ ...key, lastUsedAt: usedAt(key.id) }));
  const uses = keys.flatMap(({ lastUsedAt }) => lastUsedAt ?? []).sort();
  return { ...client, keys, lastUsedAt: uses.at(-1) ?? null };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
