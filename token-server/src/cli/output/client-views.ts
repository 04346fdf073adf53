import type { Client } from '../api-types.js';
import { type Cell, inStyle } from './layout.js';
import { instant, type View } from './times.js';

export const CLIENT_HEADINGS = ['NAME', 'ID', 'SOURCE', 'LAST USED', 'EXPIRES', 'KEYS', 'SCOPES', 'APPS'];

/** As long before the end as the server begins to warn. */
const SOON_MS = 14 * 86_400_000;

export function clientRow(client: Client, view: View): Cell[] {
  const { id, name, source, lastUsedAt, keys, scopes, apps } = client;
  return [
    name,
    id,
    source,
    lastUsedAt === null ? 'never' : instant(lastUsedAt, view),
    expiryCell(client, view),
    keys.map((key) => keyText(key, keys.length, view)).join(', '),
    scopes.join(','),
    apps.join(','),
  ];
}

/** While there are two, it matters which one is still used. */
function keyText({ id, lastUsedAt }: Client['keys'][number], count: number, view: View): string {
  if (count === 1) return id;
  return `${id} (used ${lastUsedAt === null ? 'never' : instant(lastUsedAt, view)})`;
}

function expiryCell(client: Client, view: View): Cell {
  if (client.expiresAt === null) return 'never';
  return inStyle(instant(client.expiresAt, view), endsSoon(client, view.nowMs) ? 'yellow' : undefined);
}

/** Whether the client's keys end within two weeks, or have ended. */
export function endsSoon({ expiresAt }: Pick<Client, 'expiresAt'>, nowMs: number): boolean {
  return expiresAt !== null && Date.parse(expiresAt) - nowMs < SOON_MS;
}
