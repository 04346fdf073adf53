import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { runStep } from './run-step.mjs';
import { isStamped, stamp } from './stamp.mjs';

/** Installs exactly what the lock file says, unless that was done. */
export async function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const path = join(root, 'node_modules', '.zhongkong-packages');
  if (isStamped(path, lock) || isInstalledByUser()) return;
  await runStep({
    title: 'installing the npm packages of the lock file, once',
    ...npm(['ci', '--no-audit', '--no-fund']),
  });
  stamp(path, lock);
}

/** npm notes in the folder what it has installed; a note that is newer than the lock file was made from it. */
function isInstalledByUser() {
  const madeAtMs = (...path) => statSync(join(root, ...path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return madeAtMs('node_modules', '.package-lock.json') > madeAtMs('package-lock.json');
}

/** The npm that runs us, or the one on the PATH. */
function npm(args) {
  const { npm_execpath: path } = process.env;
  return path?.endsWith('.js')
    ? { command: process.execPath, args: [path, ...args] }
    : { command: 'npm', args };
}
