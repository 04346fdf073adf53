import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Whether a step was done for exactly this input; a stamp lies in the folder that the step makes, and goes with it. */
export function isStamped(path, input) {
  try {
    return readFileSync(path, 'utf8') === input;
  } catch {
    return false;
  }
}

export function stamp(path, input) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, input);
}
