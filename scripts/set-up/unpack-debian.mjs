import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOnPath } from './rights.mjs';
import { root } from './root.mjs';
import { runStep } from './run-step.mjs';
import { SetUpError } from './set-up-error.mjs';

const tools = join(root, 'node_modules', '.zhongkong-tools');

/**
 * Gets one program for tests out of a Debian package. The package is unpacked, not installed, since it would start a
 * service; so no rights are needed. Where that cannot be done, only the tests that need the program are skipped.
 * @param {{ program: string, debianPackage: string, path: string[], why: string }} wanted `path` of the program in the
 * package; `why`: what tests do with it
 */
export async function unpackDebian({ program, debianPackage, path, why }) {
  const target = join(tools, program);
  if (isOnPath(program) || existsSync(join('/', ...path)) || existsSync(target)) return;
  const skipped = `the tests that need ${program} are skipped`;
  if (!isOnPath('apt-get') || !isOnPath('dpkg-deb')) {
    process.stdout.write(
      `zhongkong: ${skipped}: it is not on the PATH, and comes from the Debian package "${debianPackage}" only\n`,
    );
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'zhongkong-unpack-'));
  try {
    const title = `getting ${program} out of the Debian package "${debianPackage}", once (${why})`;
    const command = `cd '${folder}' && apt-get download -qq ${debianPackage}`;
    await runStep({ title, command: 'sh', args: ['-c', command] });
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
    await runStep({ title: 'unpacking it', command: 'dpkg-deb', args: ['-x', join(folder, file), folder] });
    const found = join(folder, ...path);
    if (!existsSync(found)) throw new SetUpError(`the package "${debianPackage}" has no ${path.join('/')}`);
    mkdirSync(tools, { recursive: true });
    copyFileSync(found, target);
    chmodSync(target, 0o755);
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`zhongkong: ${error.message}\n${skipped[0].toUpperCase()}${skipped.slice(1)}.\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
