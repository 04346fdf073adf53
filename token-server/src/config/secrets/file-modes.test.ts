import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { warnOfOpenFiles } from './file-modes.js';

describe('files with secrets', () => {
  it('that other users may read or change are one warning', () => {
    const folder = mkdtempSync(join(tmpdir(), 'zhongkong-'));
    const files = { secret: 0o644, key: 0o660, good: 0o600, shared: 0o640 };
    for (const [name, mode] of Object.entries(files)) {
      writeFileSync(join(folder, name), '');
      chmodSync(join(folder, name), mode);
    }
    const paths = Object.keys(files).map((name) => join(folder, name));
    const warnings = warnOfOpenFiles([...paths, undefined, join(folder, 'missing'), paths[0]]);
    expect(warnings).toEqual([expect.stringContaining(`chmod 600 ${folder}/secret ${folder}/key (in`)]);
    expect(warnOfOpenFiles([paths[2]])).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});
