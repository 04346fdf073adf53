import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { ROOT } from '../helpers/examples.js';
import { startPlatform } from '../helpers/fixtures.js';
import { serverEnvironment } from '../helpers/test-server.js';

/** `npm start` in a process group of its own, once it listens. */
async function startNpm() {
  const platform = await startPlatform();
  const env = { ...serverEnvironment({ platform: platform.url }), npm_config_update_notifier: 'false' };
  const npm = spawn('npm', ['start'], { cwd: ROOT, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid = 0 } = npm;
  cleanUp(() => npm.exitCode === null && npm.signalCode === null && process.kill(-pid, 'SIGKILL'));
  let output = '';
  npm.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await eventually('the server', () => output.includes('listening on'), 60_000);
  return { npm, pid, output: () => output };
}

describe('npm start', () => {
  it.each([
    ['that npm alone gets', 'SIGTERM', 1],
    ['that the terminal sends to all, of which npm passes its own on', 'SIGINT', -1],
  ] as const)(
    'ends as it should on a signal %s',
    async (_what, signal, sign) => {
      const { npm, pid, output } = await startNpm();
      process.kill(sign * pid, signal);
      await once(npm, 'close');
      expect(output()).toContain('"msg":"stopped"');
    },
    90_000,
  );
});
