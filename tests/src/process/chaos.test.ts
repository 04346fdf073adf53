import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { cleanUp } from '../helpers/clean-up.js';

const MINUTES = 0.7;
const MAIN = fileURLToPath(new URL('../../dist/chaos/main.js', import.meta.url));

describe('a short run of chaos', () => {
  const seed = Number(process.env.CHAOS_SEED ?? 115_218);

  it(`no call fails that could have been healed, and no version goes back (seed ${seed})`, async () => {
    const child = spawn(process.execPath, [MAIN, '--seed', String(seed), '--minutes', String(MINUTES)]);
    cleanUp(() => child.kill('SIGKILL'));
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        printed += String(chunk);
      });
    }
    const [exitCode] = await once(child, 'close');
    console.info(printed.slice(printed.indexOf('{')));
    expect({ exitCode, printed: exitCode === 0 ? '' : printed }).toEqual({ exitCode: 0, printed: '' });
  }, 180_000);
});
