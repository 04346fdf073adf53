import type { HistoryEntry } from '../api-types.js';
import { type Cell, inStyle, type Style } from './layout.js';
import { localTime } from './times.js';

export const HISTORY_HEADINGS = ['WHEN', 'WHAT', 'WHY', 'OUTCOME', 'CLIENT', 'TOKEN', 'TOOK', 'WECHAT'];

export function historyRow(entry: HistoryEntry, isTerminal: boolean): Cell[] {
  const { at, what, reason, forced, outcome, client, errcode, errmsg, tookMs } = entry;
  const { fingerprintBefore: before, fingerprintAfter: after } = entry;
  return [
    isTerminal ? localTime(at) : at,
    what,
    [reason, forced ? 'forced' : ''].filter(Boolean).join(' '),
    inStyle(outcome, styleOf(outcome)),
    client ?? '',
    before === after ? (after ?? '') : `${before ?? 'none'} > ${after ?? 'none'}`,
    `${tookMs} ms`,
    [errcode, errmsg].filter((part) => part !== undefined).join(' '),
  ];
}

function styleOf(outcome: string): Style | undefined {
  if (/fail|refus|reject/.test(outcome)) return 'red';
  return outcome === 'refreshed' ? 'green' : undefined;
}
