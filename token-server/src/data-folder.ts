import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StartError } from './start-error.js';

/** Makes a folder that only its owner may enter; one that exists is left as it is. @throws StartError */
export function makeDataFolder(path: string): void {
  try {
    makeFolders(resolve(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `The data folder ${path} cannot be made (${code}): choose another with DATA_DIR.`;
    throw new StartError(message, { cause: error });
  }
}

/** Not by `recursive`: below a folder in which none can be made, such as /proc, Node tries for ever. */
function makeFolders(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found !== undefined) throw Object.assign(new Error(`${path} is a file`), { code: 'ENOTDIR' });
  makeFolders(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have been faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
