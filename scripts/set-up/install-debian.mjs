import { givesRight, isOnPath } from './rights.mjs';
import { runStep } from './run-step.mjs';
import { SetUpError } from './set-up-error.mjs';

/**
 * Installs a Debian package that tests need. Where that cannot be done, only those tests are skipped.
 * @param {{ program: string, debianPackage?: string, why: string, tests: string }} wanted `why`: what tests do with it;
 * `tests`: which of them are skipped without it
 */
export async function installDebian({ program, debianPackage = program, why, tests }) {
  if (isOnPath(program)) return;
  const isRoot = process.getuid?.() === 0;
  if (!isOnPath('apt-get') || !(isRoot || (isOnPath('sudo') && givesRight('apt-get')))) {
    process.stdout.write(
      `zhongkong: ${tests} are skipped: the Debian package "${debianPackage}" is missing, and cannot be installed here\n`,
    );
    return;
  }
  const install = ['install', '-y', '-qq', '--no-install-recommends', debianPackage];
  const [command, ...prefix] = isRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  const aptGet = (title, args) =>
    runStep({ title, command, args: [...prefix, ...args], env: { DEBIAN_FRONTEND: 'noninteractive' } });
  const title = `installing ${debianPackage} with apt-get, once (${why})`;
  try {
    await aptGet(title, install).catch(async () => {
      await aptGet('refreshing the package lists of apt-get', ['update', '-qq']);
      await aptGet(title, install);
    });
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`zhongkong: ${error.message}\nSo ${tests} are skipped.\n`);
  }
}
