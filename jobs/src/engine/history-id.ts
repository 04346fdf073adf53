/**
 * Fetches and reports are stored in streams of their own, whose ids may be equal. In the history they get ids of one order:
 * within a millisecond, a report comes after the fetch that it caused.
 */
export type HistoryPlace = 'refreshes' | 'reports';

/** Ids of streams go further than numbers do. */
const PART_MAX = Number.MAX_SAFE_INTEGER;

/** @param streamId `<ms>-<count>`, as Redis gave it */
export function historyId(streamId: string, place: HistoryPlace): string {
  const [ms, count] = partsOf(streamId);
  return `${ms}-${2 * count + (place === 'reports' ? 1 : 0)}`;
}

/** The end of the range in a stream that holds what comes before an id of the history, and nothing else. */
export function rangeEndBefore(id: string, place: HistoryPlace): string {
  const [ms, rank] = partsOf(id);
  const count = Math.ceil((place === 'reports' ? Math.max(0, rank - 1) : rank) / 2);
  return `(${ms}-${count}`;
}

export function newestFirst(a: { id: string }, b: { id: string }): number {
  const [aMs, aRank] = partsOf(a.id);
  const [bMs, bRank] = partsOf(b.id);
  return bMs - aMs || bRank - aRank;
}

function partsOf(id: string): [ms: number, rest: number] {
  const [ms = 0, rest = 0] = id.split('-').map((part) => Math.min(Number(part), PART_MAX));
  return [ms, rest];
}
