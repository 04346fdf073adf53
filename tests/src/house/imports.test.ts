import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../helpers/examples.js';
import { tempFolder } from '../helpers/temp-folder.js';

const BIOME = join(ROOT, 'node_modules', '.bin', 'biome');
const PACKAGES = ['shared', 'sandbox', 'jobs', 'token-server', 'client-sdk', 'tests'];

/** What `npm run check` says of one file with one import, in a house with our rules and manifests. */
async function lint(file: string, specifier: string): Promise<string> {
  const house = tempFolder();
  for (const path of ['biome.json', '.gitignore', 'package.json'])
    cpSync(join(ROOT, path), join(house, path));
  for (const name of PACKAGES) {
    mkdirSync(join(house, name), { recursive: true });
    cpSync(join(ROOT, name, 'package.json'), join(house, name, 'package.json'));
  }
  mkdirSync(dirname(join(house, file)), { recursive: true });
  writeFileSync(join(house, file), `import { thing } from '${specifier}';\n\nexport const other = thing;\n`);
  return new Promise((resolve) => {
    execFile(BIOME, ['lint', '--colors=off', '.'], { cwd: house }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}

describe('npm run check', () => {
  it.each([
    ['shared/src/a.ts', '@zhongkong/jobs', "isn't specified"],
    ['jobs/src/a.ts', '@zhongkong/token-server', "isn't specified"],
    ['client-sdk/src/a.ts', '@zhongkong/jobs', "isn't specified"],
    ['client-sdk/src/a.ts', '@zhongkong/token-server', "isn't specified"],
    ['sandbox/src/a.ts', '@zhongkong/shared', "isn't specified"],
    ['token-server/src/a.ts', '@zhongkong/sandbox', 'The platform stands alone'],
    ['token-server/src/a.ts', '@zhongkong/client-sdk', "isn't specified"],
    ['shared/src/a.ts', '../../jobs/src/index.js', 'front door'],
    ['jobs/src/core/a.ts', 'ioredis', 'The core is pure'],
    ['jobs/src/core/a.ts', 'node:timers', 'The core is pure'],
    ['jobs/src/core/a.ts', '../engine/session.js', 'The core is pure'],
  ])('refuses in %s an import of %s', async (file, specifier, reason) => {
    expect(await lint(file, specifier)).toContain(reason);
  });

  it('allows the imports that run down', async () => {
    for (const [file, specifier] of [
      ['jobs/src/engine/a.ts', '@zhongkong/shared'],
      ['token-server/src/a.ts', '@zhongkong/jobs'],
      ['client-sdk/src/a.ts', '@zhongkong/shared'],
    ] as const) {
      expect(await lint(file, specifier)).not.toMatch(/isn't specified|front door|stands alone/);
    }
  });
});
