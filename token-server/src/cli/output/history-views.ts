import type { HistoryEntry } from '../api-types.js';
import type { Cell, Style } from './layout.js';
import { localTime } from './times.js';

export const HISTORY_HEADINGS = ['WHEN', 'WHAT', 'WHY', 'OUTCOME', 'CLIENT', 'TOKEN', 'TOOK', 'WECHAT'];

export function historyRow(entry: HistoryEntry, isTerminal: boolean): Cell[] {
  const { at, what, reason, forced, outcome, client, errcode, errmsg, tookMs } = entry;
  const { fingerprintBefore: before, fingerprintAfter: after } = entry;
  return [
    isTerminal ? localTime(at) : at,
    what,
    [reason, forced ? 'forced' : ''].filter(Boolean).join(' '),
    { text: outcome, style: styleOf(outcome) },
    client ?? '',
    before === after ? (after ?? '') : `${before ?? 'none'} > ${after ?? 'none'}`,
    `${tookMs} ms`,
    [errcode, errmsg].filter((part) => part !== undefined).join(' '),
  ];
}

function styleOf(outcome: string): Style {
  if (/fail|refus|reject/.test(outcome)) return 'red';
  return outcome === 'refreshed' ? 'green' : 'reset';
}
