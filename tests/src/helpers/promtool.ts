import { spawn } from 'node:child_process';
import { ROOT } from './examples.js';
import { findTool } from './tools.js';

/** Undefined when it is nowhere. */
export function findPromtool(): string | undefined {
  return findTool('promtool');
}

/** @returns the exit code and all that it has printed */
export function runPromtool(path: string, args: readonly string[], input = ''): Promise<[number, string]> {
  const child = spawn(path, args, { cwd: ROOT, stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve([code ?? -1, output])));
}
