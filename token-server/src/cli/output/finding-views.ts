import type { DoctorFinding } from '../api-types.js';
import type { Style } from './layout.js';
import type { Output } from './output.js';

const STYLES: Readonly<Record<DoctorFinding['level'], Style>> = {
  bad: 'red',
  warning: 'yellow',
  ok: 'green',
};

/** For people: what needs them with its reason and what to do, then all that is well. For programs: one table. */
export function printFindings(findings: readonly DoctorFinding[], out: Output): void {
  const { language } = out;
  if (!out.isTerminal) {
    const rows = findings.map(({ id, level, what, why, todo }) => [
      level,
      id,
      what[language],
      level === 'ok' ? '' : why[language],
      todo?.[language] ?? '',
    ]);
    out.table(['LEVEL', 'CHECK', 'WHAT', 'WHY', 'DO'], rows);
    return;
  }
  const labels = { en: ['what', 'why', 'do'], zh: ['情况', '影响', '处理'] }[language];
  const wrong = findings.filter(({ level }) => level !== 'ok');
  for (const { level, id, title, what, why, todo } of wrong) {
    out.line(
      `${out.paint(STYLES[level], level.toUpperCase())} ${out.paint('bold', title[language])} (${id})`,
    );
    const texts = [what[language], why[language], todo?.[language] ?? ''];
    out.facts(texts.map((text, index) => [`  ${labels[index]}`, text]));
    out.line('');
  }
  const well = findings.filter(({ level }) => level === 'ok');
  out.table(
    ['LEVEL', 'CHECK', 'WHAT'],
    well.map(({ id, what }) => [{ text: 'ok', style: STYLES.ok }, id, what[language]]),
  );
  if (wrong.length === 0) out.line(language === 'zh' ? '没有发现问题。' : 'nothing is wrong');
}
