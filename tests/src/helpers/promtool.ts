import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from './examples.js';

/** Where `npm test` has put promtool, or where the PATH has it; undefined when it is nowhere. */
export function findPromtool(): string | undefined {
  const folders = [
    join(ROOT, 'node_modules', '.zhongkong-tools'),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return folders.map((folder) => join(folder, 'promtool')).find((path) => existsSync(path));
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
