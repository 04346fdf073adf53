import type { Client } from '../api-types.js';
import type { Cell } from './layout.js';
import { fromNow } from './times.js';

export const CLIENT_HEADINGS = ['NAME', 'ID', 'SOURCE', 'LAST USED', 'EXPIRES', 'KEYS', 'SCOPES', 'APPS'];

/** A key that ends within this time is worth a look. */
const SOON_MS = 14 * 86_400_000;

export function clientRow(client: Client, nowMs: number): Cell[] {
  const { id, name, source, lastUsedAt, keys, scopes, apps } = client;
  return [
    name,
    id,
    source,
    lastUsedAt === null ? 'never' : fromNow(lastUsedAt, nowMs),
    expiryCell(client, nowMs),
    keys
      .map((key) => `${key.id} (used ${key.lastUsedAt === null ? 'never' : fromNow(key.lastUsedAt, nowMs)})`)
      .join(', '),
    scopes.join(','),
    apps.join(','),
  ];
}

function expiryCell(client: Client, nowMs: number): Cell {
  if (client.expiresAt === null) return 'never';
  return { text: fromNow(client.expiresAt, nowMs), style: endsSoon(client, nowMs) ? 'yellow' : 'reset' };
}

/** Whether the client's keys end within two weeks, or have ended. */
export function endsSoon({ expiresAt }: Pick<Client, 'expiresAt'>, nowMs: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) - nowMs < SOON_MS;
}
