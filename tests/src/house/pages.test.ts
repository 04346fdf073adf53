import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT, readDoc } from '../helpers/examples.js';

/** Every file of the project, as git knows them. */
const FILES = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));
const PAGES = FILES.filter((path) => path.endsWith('.md'));

describe('decisions', () => {
  const adrs = PAGES.filter((path) => path.startsWith('docs/adr/')).sort();

  it('are numbered without a gap or a double', () => {
    const numbers = adrs.map((path) => Number(/\/(\d{4})-/.exec(path)?.[1]));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it.each(adrs)('%s has the title and the three headings of all', (path) => {
    const text = readDoc(path);
    expect(text).toMatch(new RegExp(`^# ${Number(/\/(\d{4})-/.exec(path)?.[1])}\\. `));
    const headings = [...text.matchAll(/^\*\*(\w+)\.\*\*/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Background', 'Decision', 'Consequences']);
  });
});

describe('links', () => {
  it.each(PAGES)('of %s lead to files that are there', (page) => {
    const targets = [...readDoc(page).matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(join(ROOT, dirname(page), target)))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  it('names only files that are there', () => {
    const files = [...readDoc('docs/architecture.md').matchAll(/`([\w-]+\/src\/[\w./-]+\.ts)`/g)].map(
      ([, file = '']) => file,
    );
    expect(files.length).toBeGreaterThan(25);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});
