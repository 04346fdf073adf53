// `npm run size`: what an install of the SDK weighs and how long it takes to load, beside other SDKs. Needs a registry.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWorkspaces } from './set-up/build-workspaces.mjs';
import { root } from './set-up/root.mjs';

const LOADS = 15;
const folder = mkdtempSync(join(tmpdir(), 'zhongkong-size-'));
try {
  await buildWorkspaces();
  const pack = ['pack', '--silent', '--pack-destination', folder];
  execFileSync('npm', pack, { cwd: join(root, 'client-sdk'), stdio: 'ignore' });
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
  console.table(
    Object.fromEntries(
      [
        ['@zhongkong/client-sdk', [tarball]],
        ['co-wechat-api', ['co-wechat-api@3.11.0']],
        // It does not load with the newest node-socialite, which its own range allows.
        ['node-easywechat', ['node-easywechat@3.6.2', 'node-socialite@1.4.1']],
      ].map(([name, specifiers]) => [name, measure(name, specifiers)]),
    ),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measure(name, specifiers) {
  const cwd = mkdtempSync(join(folder, 'install-'));
  writeFileSync(join(cwd, 'package.json'), '{}');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...specifiers], { cwd, stdio: 'ignore' });
  const files = readdirSync(join(cwd, 'node_modules'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const list = execFileSync('npm', ['ls', '--all', '--parseable'], { cwd, encoding: 'utf8' });
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  return {
    'size (MB)': Number((bytes / 1e6).toFixed(2)),
    files: files.length,
    packages: list.trim().split('\n').length - 1,
    'load, median (ms)': loadMs(cwd, name),
  };
}

function loadMs(cwd, name) {
  const script = `const startedAt = performance.now(); require('${name}'); console.log(performance.now() - startedAt);`;
  const times = Array.from({ length: LOADS }, () =>
    Number(execFileSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8' })),
  );
  return Math.round(times.sort((a, b) => a - b)[Math.floor(LOADS / 2)]);
}
