import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOnPath } from './rights.mjs';
import { root } from './root.mjs';
import { runStep } from './run-step.mjs';
import { SetUpError } from './set-up-error.mjs';

const tools = join(root, 'node_modules', '.zhongkong-tools');
const promtool = join(tools, 'promtool');

/**
 * Gets promtool, with which tests check metrics and alert rules, out of the Debian package `prometheus`. The package is
 * unpacked, not installed, since it would start a Prometheus; so no rights are needed. Where that cannot be done, only
 * these tests are skipped.
 */
export async function installPromtool() {
  if (isOnPath('promtool') || existsSync(promtool)) return;
  if (!isOnPath('apt-get') || !isOnPath('dpkg-deb')) {
    process.stdout.write(
      'zhongkong: the tests that need promtool are skipped: it is not on the PATH, and comes from the Debian package "prometheus" only\n',
    );
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'zhongkong-promtool-'));
  try {
    const title =
      'getting promtool out of the Debian package "prometheus", once (tests check metrics and alert rules with it)';
    const command = `cd '${folder}' && apt-get download -qq prometheus`;
    await runStep({ title, command: 'sh', args: ['-c', command] });
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    await runStep({ title: 'unpacking it', command: 'dpkg-deb', args: ['-x', join(folder, file), folder] });
    mkdirSync(tools, { recursive: true });
    copyFileSync(join(folder, 'usr', 'bin', 'promtool'), promtool);
    chmodSync(promtool, 0o755);
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`zhongkong: ${error.message}\nThe tests that need promtool are skipped.\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
