import type { Language } from '@zhongkong/shared';
import { CHECKS } from './checks.js';

const HEADINGS: Readonly<Record<Language, string>> = {
  en: '| id | what is looked at | why a fault matters | what to do |',
  zh: '| id | 检查什么 | 有问题为什么要紧 | 该做什么 |',
};

/** The table of docs/doctor.md, or of its Chinese twin. */
export function checksTable(language: Language): string {
  const rows = Object.entries(CHECKS).map(
    ([id, { title, why, todo }]) =>
      `| \`${id}\` | ${title[language]} | ${why[language]} | ${todo[language]} |`,
  );
  return [HEADINGS[language], '| --- | --- | --- | --- |', ...rows].join('\n');
}
