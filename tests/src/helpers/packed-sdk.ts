import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './examples.js';
import { tempFolder } from './temp-folder.js';

/** The SDK as `npm publish` would send it, packed from a copy so that other tests are not disturbed. @returns the tarball */
export function packSdk(): string {
  const folder = tempFolder();
  for (const part of [
    'client-sdk/dist',
    'client-sdk/package.json',
    'client-sdk/README.md',
    'shared/dist',
    'scripts',
  ])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  // Packing loads the SDK, to see what it exports.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const cwd = join(folder, 'client-sdk');
  const printed = execFileSync('npm', ['pack', '--silent'], { cwd, encoding: 'utf8' });
  return join(cwd, printed.trim().split('\n').at(-1) ?? '');
}

export function filesIn(tarball: string): string[] {
  return execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
}

/** Lays a tarball and exactly what it declares to need into an empty folder. */
export function installPacked(tarball: string, folder: string): void {
  const target = join(folder, 'node_modules', '@zhongkong', 'client-sdk');
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
  copyNeeds(target, ROOT, join(folder, 'node_modules'));
}

function copyNeeds(packageFolder: string, from: string, target: string): void {
  const { dependencies = {} } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    const source = findPackage(name, from);
    if (existsSync(join(target, name))) continue;
    cpSync(source, join(target, name), { recursive: true });
    copyNeeds(source, source, target);
  }
}

/** As Node looks for it: upwards. */
function findPackage(name: string, from: string): string {
  const candidate = join(from, 'node_modules', name);
  if (existsSync(candidate)) return candidate;
  if (dirname(from) === from) throw new Error(`${name} is not installed`);
  return findPackage(name, dirname(from));
}
