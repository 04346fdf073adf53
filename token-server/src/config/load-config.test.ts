import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from './load-config.js';

const folder = mkdtempSync(join(tmpdir(), 'zk-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the log level', () => {
  it.each([
    ['nothing', undefined, undefined, 'info'],
    ['the file', undefined, 'debug', 'debug'],
    ['the environment, which wins over the file', 'warn', 'debug', 'warn'],
  ])('comes from %s', (_where, LOG_LEVEL, logLevel, expected) => {
    const apps = [{ appId: 'wx1', secret: 'the-secret-of-wx1' }];
    const clients = [{ name: 'a', key: 'the-key-of-the-client', apps: ['*'] }];
    writeFileSync(join(folder, 'zhongkong.config.json'), JSON.stringify({ apps, clients, logLevel }));
    const mode = loadConfig({ LOG_LEVEL }, folder);
    expect(mode.is === 'serve' && mode.config.logLevel).toBe(expected);
  });
});
