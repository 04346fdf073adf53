import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../../start-error.js';

/** Work under a lock takes two seconds at most; an older lock was left by a process that was killed. */
const STALE_MS = 5_000;
const GIVE_UP_MS = 2 * STALE_MS;
const POLL_MS = 20;

/** Runs `work` while no other process holds the lock. @throws StartError when the lock is not free within ten seconds */
export async function withLockFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + GIVE_UP_MS;
  while (!take(path)) {
    if (performance.now() > giveUpAt) {
      throw new StartError(
        `The lock ${path} stays taken: remove it if no other Zhongkong server is starting.`,
      );
    }
    await sleep(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o600));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST')
      throw new StartError(
        `The lock ${path} cannot be made (${code}): free space on its disk, or choose a folder that can be written with DATA_DIR.`,
        { cause: error },
      );
    removeStaleLock(path);
    return false;
  }
}

function removeStaleLock(path: string): void {
  const madeAtMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY;
  if (Date.now() - madeAtMs > STALE_MS) rmSync(path, { force: true });
}
