import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether sudo does it without a password; nobody may be there to type one. */
export function givesRight(command) {
  return spawnSync('sudo', ['-n', command, '--version'], { stdio: 'ignore' }).status === 0;
}

export function isOnPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
