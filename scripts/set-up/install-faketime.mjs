import { givesRight, isOnPath } from './rights.mjs';
import { runStep } from './run-step.mjs';
import { SetUpError } from './set-up-error.mjs';

const INSTALL = ['install', '-y', '-qq', '--no-install-recommends', 'faketime'];

/**
 * Installs libfaketime, with which a test sets the clocks of real processes. Where that cannot be done, only that test
 * is skipped.
 */
export async function installFaketime() {
  if (isOnPath('faketime')) return;
  const isRoot = process.getuid?.() === 0;
  if (!isOnPath('apt-get') || !(isRoot || (isOnPath('sudo') && givesRight('apt-get')))) {
    process.stdout.write(
      'zhongkong: the tests of wrong clocks are skipped: the Debian package "faketime" is missing, and cannot be installed here\n',
    );
    return;
  }
  const [command, ...prefix] = isRoot ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  const aptGet = (title, args) =>
    runStep({ title, command, args: [...prefix, ...args], env: { DEBIAN_FRONTEND: 'noninteractive' } });
  const title = 'installing faketime with apt-get, once (a test sets the clocks of processes with it)';
  try {
    await aptGet(title, INSTALL).catch(async () => {
      await aptGet('refreshing the package lists of apt-get', ['update', '-qq']);
      await aptGet(title, INSTALL);
    });
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`zhongkong: ${error.message}\nThe tests of wrong clocks are skipped.\n`);
  }
}
