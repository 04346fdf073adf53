import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { runStep } from './run-step.mjs';

/** Installs exactly what the lock file says, unless all of it is there. */
export async function installPackages() {
  if (isInstalled()) return;
  await runStep({
    title: 'installing the npm packages of the lock file, once',
    // The build needs the dev dependencies, which npm leaves out when NODE_ENV is "production".
    ...npm(['ci', '--include=dev', '--no-audit', '--no-fund']),
  });
}

/**
 * Compares the lock file with npm's own record of what it has installed, and with what lies in the folder. Optional
 * packages may be missing: most of them are for other machines.
 */
function isInstalled() {
  const wanted = packagesIn('package-lock.json');
  const installed = packagesIn(join('node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, link }]) =>
      !path.startsWith('node_modules/') ||
      optional ||
      devOptional ||
      (existsSync(join(root, path, 'package.json')) && (link || installed[path]?.version === version)),
  );
}

function packagesIn(lockFile) {
  try {
    return JSON.parse(readFileSync(join(root, lockFile), 'utf8')).packages;
  } catch {
    return {};
  }
}

/** The npm that runs us, or the one on the PATH. */
export function npm(args) {
  const { npm_execpath: path } = process.env;
  return path?.endsWith('.js')
    ? { command: process.execPath, args: [path, ...args] }
    : { command: 'npm', args };
}
