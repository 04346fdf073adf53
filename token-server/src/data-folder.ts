import { mkdirSync } from 'node:fs';
import { StartError } from './start-error.js';

/** Makes a folder that only its owner may enter; one that exists is left as it is. @throws StartError */
export function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `The data folder ${path} cannot be made (${code}): choose another with DATA_DIR.`;
    throw new StartError(message, { cause: error });
  }
}
