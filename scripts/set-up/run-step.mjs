import { spawn } from 'node:child_process';
import { root } from './root.mjs';
import { SetUpError } from './set-up-error.mjs';

const PROGRESS_EVERY_MS = 5_000;
const LAST_LINES = 15;
/** Each ends this process; what it has started ends with it. */
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
const INTERRUPTED = 130;

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
    () => process.stdout.write(`zhongkong:   still running (${seconds()} s)\n`),
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
    const stop = (signal) => {
      child.kill(signal);
      child.once('close', () => process.exit(INTERRUPTED));
    };
    for (const signal of END_SIGNALS) process.once(signal, stop);
    let output = '';
    const hear = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const end = (result) => {
      for (const signal of END_SIGNALS) process.off(signal, stop);
      resolve(result);
    };
    child.on('error', (error) => end({ code: 1, output: error.message }));
    child.on('close', (code) => end({ code, output }));
  });
}
