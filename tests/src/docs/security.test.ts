import { describe, expect, it } from '@jest/globals';
import { readDoc } from '../helpers/examples.js';

const PAGES = ['docs/security.md', 'docs/security.zh-CN.md'];

/** The tests that a page names: `file` › title, at the end of a row. */
function namedTests(page: string): (readonly [file: string, title: string])[] {
  return [...readDoc(page).matchAll(/\| `([\w./-]+\.test\.ts)` › (.+) \|$/gm)].map(
    ([, file = '', title = '']) => [file, title] as const,
  );
}

describe('what is said about security', () => {
  it.each(PAGES)('names a test for each sentence, and each is there: %s', (page) => {
    const tests = namedTests(page);
    expect(tests.length).toBeGreaterThan(20);
    const missing = tests.filter(([file, title]) => !readDoc(file).includes(`'${title}'`));
    expect(missing).toEqual([]);
    const tables = readDoc(page).split('\n## 出事之后')[0]?.split('\n## What to do when')[0] ?? '';
    const rows = tables.split('\n').filter((line) => line.startsWith('| ') && !line.includes('---'));
    const headings = rows.filter((row) => /\| (test|测试) \|$/.test(row));
    expect(rows.length - headings.length).toBe(tests.length);
  });

  it('is the same in both languages', () => {
    const [english, chinese] = PAGES.map(namedTests);
    expect(chinese).toEqual(english);
  });
});
