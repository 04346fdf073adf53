import type { Bilingual } from '@zhongkong/shared';
import type { DoctorFinding } from '@zhongkong/shared/contract';
import { CHECKS, type CheckId } from './checks.js';

export type Finding = DoctorFinding;
export type Level = Finding['level'];

/** What was found in a check; title and reason come from the table of checks. */
interface Found {
  readonly level: Level;
  readonly what: Bilingual;
  /** @defaultValue what the table says; nothing for `ok` */
  readonly todo?: Bilingual;
}

export function finding(id: CheckId, { level, what, todo }: Found): Finding {
  const { title, why, todo: usual } = CHECKS[id];
  return { id, level, title, what, why, todo: level === 'ok' ? null : (todo ?? usual) };
}

const ORDER: readonly Level[] = ['bad', 'warning', 'ok'];

/** The worst first; of the same level, in the order of the table. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const ids = Object.keys(CHECKS);
  return [...findings].sort(
    (a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level) || ids.indexOf(a.id) - ids.indexOf(b.id),
  );
}

const NAMES_MAX = 10;

/** Names for a sentence: ten at most, then how many more there are. */
export function listNames(names: readonly string[]): Bilingual {
  const some = names.slice(0, NAMES_MAX).join(', ');
  const more = names.length - NAMES_MAX;
  return more > 0
    ? { en: `${some} and ${more} more`, zh: `${some} 等 ${names.length} 个` }
    : { en: some, zh: some };
}
