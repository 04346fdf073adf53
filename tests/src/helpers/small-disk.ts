import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp } from './clean-up.js';
import { tempFolder } from './temp-folder.js';

function mount(folder: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
}

const unmount = (folder: string) => execFileSync('umount', ['-l', folder]);

/** A folder with a disk of its own, of two megabytes; gone after the test. @param options `ro` makes it read-only */
export function smallDisk(options = 'rw'): string {
  const folder = tempFolder();
  mount(folder, `size=2m,${options}`);
  cleanUp(() => unmount(folder));
  return folder;
}

function tryToMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'zk-'));
  try {
    mount(folder, 'size=1m');
    unmount(folder);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

/** Only root may mount; elsewhere the tests that need it are counted as skipped. */
export const canMount = tryToMount();
