import { describe, expect, it } from '@jest/globals';
import { checksTable } from '@zhongkong/token-server/testing';
import { readDoc } from '../helpers/examples.js';

describe('the pages about the doctor', () => {
  it.each([
    ['en', 'docs/doctor.md'],
    ['zh', 'docs/doctor.zh-CN.md'],
  ] as const)('have the table that scripts/write-doctor-page.mjs writes (%s)', (language, page) => {
    const [, table] = /<!-- table: checks -->\n([\s\S]*?)\n<!-- end -->/.exec(readDoc(page)) ?? [];
    expect(table).toBe(checksTable(language));
  });
});
