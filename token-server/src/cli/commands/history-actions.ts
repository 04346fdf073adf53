import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import type { HistoryEntry } from '../api-types.js';
import { CliError } from '../cli-error.js';
import type { Connection } from '../connect/connect.js';
import type { Io } from '../io.js';
import { connect } from '../lazy-connect.js';
import { HISTORY_HEADINGS, historyRow } from '../output/history-views.js';

export interface HistoryOptions {
  readonly limit: number;
  readonly before?: string;
  readonly kind: string;
  readonly follow?: boolean;
}

const LOOK_EVERY_MS = 1_000;
/** Looks at a server that does not answer are this far apart. */
const RETRY_EVERY_MS = 2_000;
/** So many new entries between two looks are shown; older ones of such a burst are passed over, and this is said. */
const BURST_MAX = 500;

interface Answer {
  readonly entries: readonly HistoryEntry[];
}

export async function showHistory(
  io: Io,
  command: Command,
  appId: string,
  options: HistoryOptions,
): Promise<void> {
  const connection = await connect(command, io);
  const { api, out } = connection;
  const path = `/v1/apps/${encodeURIComponent(appId)}/history`;
  const { limit, before, kind, follow = false } = options;
  const { body, text } = await api.call<Answer>('GET', path, { query: { limit, before, kind } });
  if (follow) return followHistory(connection, path, kind, body.entries);
  if (out.json) return out.document(text);
  out.table(
    HISTORY_HEADINGS,
    body.entries.map((entry) => historyRow(entry, out.isTerminal)),
  );
}

/** Goes on until the process is ended. A server that is started anew meanwhile is waited for. */
async function followHistory(
  { api, out }: Connection,
  path: string,
  kind: string,
  first: readonly HistoryEntry[],
): Promise<never> {
  const printRows = out.json ? undefined : out.openTable(HISTORY_HEADINGS);
  print(first.toReversed());
  let last = first[0]?.id;
  let isAway = false;
  for (;;) {
    await sleep(isAway ? RETRY_EVERY_MS : LOOK_EVERY_MS);
    try {
      const { body } = await api.call<Answer>('GET', path, { query: { limit: BURST_MAX, kind } });
      const fresh = newerThan(body.entries, last);
      if (fresh.length === BURST_MAX)
        out.note('There were more entries than can be followed; some are left out.');
      print(fresh.toReversed());
      last = fresh[0]?.id ?? last;
      if (isAway) out.note('The server answers again.');
      isAway = false;
    } catch (error) {
      if (!(error instanceof CliError && error.isPassing)) throw error;
      if (!isAway) out.note(`${error.message} It is tried again until Ctrl-C.`);
      isAway = true;
    }
  }

  function print(entries: readonly HistoryEntry[]): void {
    if (printRows !== undefined) printRows(entries.map((entry) => historyRow(entry, out.isTerminal)));
    else for (const entry of entries) out.line(JSON.stringify(entry));
  }
}

/** Of entries with the newest first, those that came after the one of this id. */
export function newerThan<T extends { readonly id: string }>(
  entries: readonly T[],
  id: string | undefined,
): T[] {
  if (id === undefined) return [...entries];
  return entries.filter((entry) => compareIds(entry.id, id) > 0);
}

/** Ids are those of a Redis stream: milliseconds, and a number within them. */
function compareIds(a: string, b: string): number {
  const [[aMs = 0, aNumber = 0], [bMs = 0, bNumber = 0]] = [a, b].map((id) => id.split('-').map(Number)) as [
    number[],
    number[],
  ];
  return aMs - bMs || aNumber - bNumber;
}
