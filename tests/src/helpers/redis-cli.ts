import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from './eventually.js';

const run = promisify(execFile);

/** Runs a command of Redis; waits until it answers. @param target options of redis-cli that say where it is */
export function redisCli(target: readonly string[], ...args: string[]): Promise<string> {
  const asked = () => run('redis-cli', [...target, ...args]);
  return eventually('an answer of Redis', () =>
    asked().then(
      ({ stdout }) => stdout.trim(),
      () => null,
    ),
  );
}
