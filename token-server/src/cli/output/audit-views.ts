import type { AuditEntry } from '../api-types.js';
import type { Cell } from './layout.js';
import { localTime } from './times.js';

export const AUDIT_HEADINGS = ['WHEN', 'CLIENT', 'ADDRESS', 'ACTION', 'TARGET', 'BEFORE', 'AFTER'];

export function auditRow(
  { at, client, address, action, target, before, after }: AuditEntry,
  isTerminal: boolean,
): Cell[] {
  return [
    isTerminal ? localTime(at) : at,
    client,
    address,
    action,
    target,
    valueText(before),
    valueText(after),
  ];
}

/** `mode=stable paused=false`: the fields of a value, in short. */
export function valueText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(valueText).join(',');
  return Object.entries(value)
    .map(
      ([name, inner]) =>
        `${name}=${typeof inner === 'object' && inner !== null ? JSON.stringify(inner) : inner}`,
    )
    .join(' ');
}
