import { join } from 'node:path';
import { root } from './root.mjs';
import { runStep } from './run-step.mjs';

/** Makes the page for operators, which the server serves at /console. */
export async function buildConsole() {
  const folder = join(root, 'token-server', 'console');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', folder, '--config', join(folder, 'vite.config.mjs'), '--logLevel', 'warn'];
  await runStep({ title: 'bundling the console', command: process.execPath, args });
}
