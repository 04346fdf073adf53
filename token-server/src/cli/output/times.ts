import type { Language } from '../io.js';

const SECOND = 1_000;
const UNITS: readonly [name: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['day', 86_400 * SECOND],
  ['hour', 3_600 * SECOND],
  ['minute', 60 * SECOND],
  ['second', SECOND],
];

const format = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });

/** `in 12 min.`, `3 days ago`: an instant as seen from now, in the largest unit of which there are two. */
export function fromNow(iso: string | null | undefined, nowMs: number): string {
  if (iso === null || iso === undefined) return '';
  const ms = Date.parse(iso) - nowMs;
  const [name, size] = UNITS.find(([, unit]) => Math.abs(ms) >= 2 * unit) ?? (['second', SECOND] as const);
  return format.format(Math.trunc(ms / size), name);
}

/** How instants are shown: to people as seen from now, to programs as they are. */
export interface View {
  readonly isTerminal: boolean;
  readonly language: Language;
  /** The server's time. */
  readonly nowMs: number;
}

export function instant(iso: string | null | undefined, { isTerminal, nowMs }: View): string {
  return isTerminal ? fromNow(iso, nowMs) : (iso ?? '');
}

/** `2026-11-26 07:00:41`, in the time of this machine. */
export function localTime(iso: string): string {
  return new Date(iso).toLocaleString('sv-SE');
}
