import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../helpers/examples.js';
import { tempFolder } from '../helpers/temp-folder.js';

const PACKAGES = ['shared', 'sandbox', 'jobs', 'token-server', 'client-sdk'];

/** One file each, with the import in it and the rule that has to refuse it; undefined: it is allowed. */
const IMPORTS: readonly [file: string, specifier: string, rule: string | undefined][] = [
  ['shared/src/wechat/up-to-package.ts', '@zhongkong/jobs', 'package-shared'],
  ['jobs/src/engine/up-to-package.ts', '@zhongkong/token-server', 'package-jobs'],
  ['client-sdk/src/api/up-to-package.ts', '@zhongkong/jobs', 'package-client-sdk'],
  ['sandbox/src/apis/up-to-package.ts', '@zhongkong/shared', 'package-sandbox'],
  ['token-server/src/http/to-sandbox.ts', '@zhongkong/sandbox', 'package-token-server'],
  ['shared/src/wechat/up-to-folder.ts', '../token/above.js', 'up-shared/wechat/'],
  ['shared/src/wechat/up-to-file.ts', '../index.js', 'up-shared/wechat/'],
  ['shared/src/nowhere/without-place.ts', '../clock.js', 'place-shared'],
  ['shared/src/wechat/circle-a.ts', './circle-b.js', 'circle'],
  ['shared/src/wechat/circle-b.ts', './circle-a.js', 'circle'],
  ['shared/src/wechat/by-type.ts', './by-type-back.js', 'circle'],
  ['jobs/src/engine/through-the-wall.ts', '../../../shared/src/clock.js', 'front-door'],
  ['jobs/src/engine/through-the-build.ts', '@zhongkong/shared/dist/clock.js', 'front-door'],
  ['jobs/src/keeper/with-redis.ts', 'ioredis', 'pure'],
  ['jobs/src/keeper/with-timers.ts', 'node:timers', 'pure'],
  ['jobs/src/keeper/allowed.ts', '@zhongkong/shared', undefined],
  ['shared/src/wechat/lost.ts', './no-such-file.js', 'found'],
  ['shared/src/token/down.ts', '../wechat/below.js', undefined],
  ['token-server/src/cli/with-server.ts', '../http/below.js', 'quick-start'],
  ['token-server/src/cli/serve.ts', '../http/below.js', undefined],
  ['jobs/src/engine/allowed.ts', '@zhongkong/shared', undefined],
  ['token-server/src/http/allowed.ts', '@zhongkong/jobs', undefined],
];

/** What the files above lead to. */
const OTHER_FILES = {
  'shared/src/clock.ts': '',
  'shared/src/index.ts': '',
  'shared/src/token/above.ts': '',
  'shared/src/wechat/below.ts': '',
  'token-server/src/http/below.ts': '',
  'shared/src/wechat/by-type-back.ts':
    "import type { Thing } from './by-type.js';\nexport type Other = Thing;\n",
};

interface Report {
  readonly summary: { readonly violations: readonly Violation[] };
}

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
  /** The files of a circle, which is reported once. */
  readonly cycle?: readonly { readonly name: string }[];
}

/** What the rules of this project say of the files above. */
async function refusals(): Promise<Map<string, string[]>> {
  const project = tempFolder();
  cpSync(join(ROOT, '.dependency-cruiser.mjs'), join(project, '.dependency-cruiser.mjs'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  };
  mkdirSync(join(project, 'node_modules', '@zhongkong'), { recursive: true });
  for (const name of PACKAGES) {
    write(`${name}/package.json`, readFileSync(join(ROOT, name, 'package.json'), 'utf8'));
    write(`${name}/dist/index.js`, '');
    symlinkSync(`../../${name}`, join(project, 'node_modules', '@zhongkong', name));
  }
  write('node_modules/ioredis/index.js', '');
  for (const [path, text] of Object.entries(OTHER_FILES)) write(path, text);
  for (const [path, specifier] of IMPORTS)
    write(path, `import type { Thing } from '${specifier}';\nexport type Other = Thing;\n`);
  const args = ['--output-type', 'json', ...PACKAGES.map((name) => `${name}/src`)];
  const report = JSON.parse(await run(args, project)) as Report;
  const found = new Map<string, string[]>();
  for (const { from, rule, cycle = [] } of report.summary.violations)
    for (const file of new Set([from, ...cycle.map(({ name }) => name)]))
      found.set(file, [...(found.get(file) ?? []), rule.name]);
  return found;
}

function run(args: string[], cwd: string): Promise<string> {
  const bin = join(ROOT, 'node_modules', '.bin', 'depcruise');
  return new Promise((resolve) => {
    execFile(bin, args, { cwd, maxBuffer: 2 ** 26 }, (_error, stdout) => resolve(stdout));
  });
}

describe('npm run check', () => {
  let found = new Map<string, string[]>();
  beforeAll(async () => {
    found = await refusals();
  });

  it.each(IMPORTS.filter(([, , rule]) => rule !== undefined))(
    'refuses in %s an import of %s: %s',
    (file, _specifier, rule) => {
      expect(found.get(file)).toContain(rule);
    },
  );

  it.each(IMPORTS.filter(([, , rule]) => rule === undefined))('allows in %s an import of %s', (file) => {
    expect(found.get(file)).toBeUndefined();
  });
});
