import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';
import { eventually } from '../helpers/eventually.js';
import { ROOT } from '../helpers/examples.js';
import { startPlatform } from '../helpers/fixtures.js';
import { serverEnvironment } from '../helpers/test-server.js';

describe('npm start', () => {
  it('passes the signal that npm gets to the server, which ends as it should', async () => {
    const platform = await startPlatform();
    const env = { ...serverEnvironment({ platform: platform.url }), npm_config_update_notifier: 'false' };
    const npm = spawn('npm', ['start'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    cleanUp(() => npm.kill('SIGKILL'));
    let output = '';
    npm.stdout.on('data', (chunk) => {
      output += chunk;
    });
    await eventually('the server', () => output.includes('listening on'), 60_000);
    npm.kill('SIGTERM');
    await once(npm, 'close');
    expect(output).toContain('"msg":"stopped"');
  }, 90_000);
});
