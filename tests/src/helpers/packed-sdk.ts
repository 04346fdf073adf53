import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './examples.js';

/** The SDK as `npm publish` would send it; `npm test` has built it. @returns the tarball */
export function packSdk(folder: string): string {
  const args = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
  const printed = execFileSync('npm', args, { cwd: join(ROOT, 'client-sdk'), encoding: 'utf8' });
  return join(folder, printed.trim().split('\n').at(-1) ?? '');
}

export function filesIn(tarball: string): string[] {
  return execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''));
}

/** Lays a tarball into an empty folder. It needs nothing else. */
export function installPacked(tarball: string, folder: string): void {
  const target = join(folder, 'node_modules', '@zhongkong', 'client-sdk');
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', target, '--strip-components=1']);
}
