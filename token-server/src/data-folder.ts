import { mkdirSync } from 'node:fs';
import { StartError } from './start-error.js';

/** Makes a folder in which only its owner can look. @throws StartError that says what to do when that cannot be */
export function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`The data folder ${path} cannot be made (${code}): choose another with DATA_DIR.`, {
      cause: error,
    });
  }
}
