import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { cleanUp } from './clean-up.js';
import { ROOT } from './examples.js';

/** A script as a process of its own, with the built packages. */
export interface ChildScript {
  readonly process: ChildProcess;
  /** Resolves to the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** The next line that it prints. */
  nextLine(): Promise<string>;
}

export function runScript(
  source: string,
  nodeOptions: string[] = [],
  environment: Record<string, string> = {},
): ChildScript {
  return runFile([...nodeOptions, '--input-type=module', '--eval', source], environment);
}

/** Node.js with these arguments. */
export function runFile(args: string[], environment: Record<string, string>): ChildScript {
  const child = spawn(process.execPath, args, {
    cwd: `${ROOT}tests`,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, ...environment },
  });
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  cleanUp(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { process: child, ended, nextLine: async () => (await lines.next()).value ?? '' };
}
