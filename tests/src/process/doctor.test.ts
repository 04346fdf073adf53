import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../helpers/examples.js';
import { freePort } from '../helpers/free-port.js';
import { serve } from '../helpers/serve.js';
import { spawnZhongkong } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';

describe('zhongkong doctor, as a process', () => {
  it('finds nothing in a demo that runs, and after it has stopped; ends with 1 when the port is taken, 2 for bad usage', async () => {
    const folder = tempFolder();
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const PORT = String(await freePort());
    const environment = { PATH: process.env.PATH ?? '', DATA_DIR: join(folder, 'data'), PORT };
    const url = `http://127.0.0.1:${PORT}`;
    const doctor = async (args: string[], more: Record<string, string> = {}) => {
      const run = spawnZhongkong(
        ['doctor', ...args],
        { ...environment, ZHONGKONG_URL: url, ...more },
        folder,
      );
      return { code: await run.ended, output: run.output() };
    };

    const demo = spawnZhongkong(['serve'], { ...environment, ZHONGKONG_READY_FD: '3' }, folder);
    expect(await demo.ready).toBe(url);
    const running = await doctor([]);
    expect(running.output).not.toMatch(/^(?:bad|warning)\t/m);
    expect(running).toMatchObject({ code: 0, output: expect.stringMatching(/^ok\tserver\t.* is ready/m) });
    demo.kill('SIGTERM');
    expect(await demo.ended).toBe(0);

    const stopped = await doctor([]);
    expect(stopped.output).not.toMatch(/^(?:bad|warning)\t/m);
    expect(stopped).toMatchObject({ code: 0, output: expect.stringContaining('No server runs here') });
    const taken = new URL(await serve((_request, response) => response.end('something else')));
    const { code, output } = await doctor([], { PORT: taken.port });
    expect([code, output]).toEqual([1, expect.stringMatching(/^bad\tport\tAnother program listens/m)]);
    expect((await doctor(['--every'])).code).toBe(2);
  });
});
