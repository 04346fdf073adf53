import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/set-up/root.mjs';
import { compare } from '../tools/compare.mjs';

const LOADS = 15;
const PEERS = ['co-wechat-api@3.11.0', 'got@14.6.6'];

/** The SDK as it is installed, beside what its users would take otherwise. Needs a registry. */
export async function benchSdk() {
  const folder = mkdtempSync(join(tmpdir(), 'zhongkong-bench-'));
  try {
    const tarball = pack(folder);
    const alone = install(folder, 'alone', [tarball]);
    const together = install(folder, 'together', [tarball, ...PEERS]);
    cpSync(join(root, 'bench', 'programs'), join(together, 'programs'), { recursive: true });
    cpSync(join(root, 'bench', 'tools', 'compare.mjs'), join(together, 'compare.mjs'));
    return [
      ...sizeRows(alone),
      await loadRow(together),
      ...runProgram(together, 'programs/reads.mjs'),
      ...runProgram(together, 'programs/calls.mjs'),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function pack(folder) {
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const name = execFileSync('npm', args, { cwd: join(root, 'client-sdk'), encoding: 'utf8' }).trim();
  return join(folder, name);
}

function install(folder, name, specifiers) {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'package.json'), '{ "private": true }');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...specifiers];
  execFileSync('npm', args, { cwd, stdio: 'ignore' });
  return cwd;
}

function sizeRows(cwd) {
  const entries = readdirSync(join(cwd, 'node_modules'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const list = execFileSync('npm', ['ls', '--all', '--parseable'], { cwd, encoding: 'utf8' });
  return [
    { what: 'installed tree (KB)', value: Math.round(bytes / 1_000), spread: '', wanted: '≤ 400' },
    { what: 'installed packages', value: list.trim().split('\n').length - 1, spread: '', wanted: '≤ 2' },
  ];
}

async function loadRow(cwd) {
  const load = (name) => () => {
    const script = `const startedAt = performance.now(); require('${name}'); console.log(performance.now() - startedAt);`;
    return Number(execFileSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8' }));
  };
  const ratio = await compare(LOADS, { sdk: load('@zhongkong/client-sdk'), co: load('co-wechat-api') });
  return { what: 'time to load, of co-wechat-api', ...ratio('sdk', 'co'), wanted: '≤ 0.5' };
}

/** A program that prints its rows as JSON. */
function runProgram(cwd, file) {
  return JSON.parse(execFileSync(process.execPath, [file], { cwd, encoding: 'utf8' }));
}
