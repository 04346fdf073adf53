import { CHECKS } from './checks.js';

/** The table of docs/doctor.md. */
export function checksTable(): string {
  const rows = Object.entries(CHECKS).map(
    ([id, { title, why, todo }]) => `| \`${id}\` | ${title.en} ${title.zh} | ${why.en} | ${todo.en} |`,
  );
  return [
    '| id | what is looked at | why a fault matters | what to do |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
