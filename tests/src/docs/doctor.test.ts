import { describe, expect, it } from '@jest/globals';
import { checksTable } from '@zhongkong/token-server/testing';
import { readDoc } from '../helpers/examples.js';

describe('docs/doctor.md', () => {
  it('has the table that scripts/write-doctor-page.mjs writes', () => {
    const [, table] =
      /<!-- table: checks -->\n([\s\S]*?)\n<!-- end -->/.exec(readDoc('docs/doctor.md')) ?? [];
    expect(table).toBe(checksTable());
  });
});
