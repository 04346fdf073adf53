import { spawn } from 'node:child_process';
import { root } from './root.mjs';
import { SetUpError } from './set-up-error.mjs';

const PROGRESS_EVERY_MS = 5_000;
const LAST_LINES = 15;

/**
 * Runs a command as one step of the set-up: says what and why before, goes on saying that it still runs, and keeps the
 * command's own words for the case that it fails.
 * @param {{ title: string, command: string, args: string[], env?: Record<string, string> }} step
 */
export async function runStep({ title, command, args, env = {} }) {
  const startedAt = performance.now();
  const seconds = () => Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(`zhongkong: ${title}\n`);
  const progress = setInterval(
    () => process.stdout.write(`zhongkong:   still at it (${seconds()} s)\n`),
    PROGRESS_EVERY_MS,
  );
  try {
    const { code, output } = await run(command, args, env);
    if (code === 0) return;
    const lastWords = output.trim().split('\n').slice(-LAST_LINES).join('\n');
    throw new SetUpError(`this step failed: ${title}\n  command: ${command} ${args.join(' ')}\n${lastWords}`);
  } finally {
    clearInterval(progress);
  }
}

function run(command, args, env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const hear = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code, output }));
  });
}
