import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT, readDoc } from '../helpers/examples.js';

const CHINESE = '.zh-CN.md';
/** Both languages on one page, by its nature. */
const BILINGUAL = ['docs/glossary.md'];

const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
  .map((path) => `docs/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.md') && !path.startsWith('docs/adr/'));
const english = pages.filter((path) => !path.endsWith(CHINESE)).filter((path) => !BILINGUAL.includes(path));
const twinOf = (page: string) => page.replace(/\.md$/, CHINESE);

interface Shape {
  /** Levels of headings, in order. */
  readonly headings: readonly number[];
  /** Rows and columns of each table. */
  readonly tables: readonly string[];
  /** Without comments, which are for people. */
  readonly examples: readonly string[];
}

function shapeOf(page: string): Shape {
  const text = readDoc(page);
  const examples = [...text.matchAll(/^```.*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  const prose = text.replace(/^```.*\n[\s\S]*?^```$/gm, '');
  const tables = [...prose.matchAll(/(?:^\|.*\|$\n?)+/gm)].map(([table]) => {
    const rows = table.trim().split('\n');
    return `${rows.length} rows of ${(rows[1] ?? '').split('|').length - 2}`;
  });
  return {
    headings: [...prose.matchAll(/^(#+) /gm)].map(([, marks = '']) => marks.length),
    tables,
    examples: examples.map((code) =>
      code
        .split('\n')
        .map((line) => line.replace(/(^|\s)(#|\/\/) .*$/, '').trimEnd())
        .filter((line) => line !== '')
        .join('\n'),
    ),
  };
}

describe('every page', () => {
  it('has a twin in Chinese, and no Chinese page is alone', () => {
    expect(english.length).toBeGreaterThan(30);
    expect(english.filter((page) => !existsSync(join(ROOT, twinOf(page))))).toEqual([]);
    const chinese = pages.filter((page) => page.endsWith(CHINESE));
    expect(chinese.filter((page) => !existsSync(join(ROOT, page.replace(CHINESE, '.md'))))).toEqual([]);
  });

  it.each(english.filter((page) => existsSync(join(ROOT, twinOf(page)))))(
    '%s has the same headings, tables and examples in both languages',
    (page) => {
      expect(shapeOf(twinOf(page))).toEqual(shapeOf(page));
    },
  );

  it.each(english.filter((page) => existsSync(join(ROOT, twinOf(page)))))(
    '%s leads to its twin, and back',
    (page) => {
      const name = (path: string) => path.split('/').at(-1) ?? '';
      expect(readDoc(page)).toContain(`(${name(twinOf(page))})`);
      expect(readDoc(twinOf(page))).toContain(`(${name(page)})`);
    },
  );

  it('has the same metrics in both languages, of the same types and labels', () => {
    /** Name, then what stands between it and the meaning. */
    const metricsOf = (page: string) =>
      [...readDoc(page).matchAll(/^\| `zhongkong_\w+` \|.*$/gm)].map(([row]) => {
        const cells = row.split('|').map((cell) => cell.trim());
        return cells.slice(1, cells.length > 5 ? 4 : 3);
      });
    expect(metricsOf('docs/metrics.md').length).toBeGreaterThan(50);
    expect(metricsOf('docs/metrics.zh-CN.md')).toEqual(metricsOf('docs/metrics.md'));
  });
});
