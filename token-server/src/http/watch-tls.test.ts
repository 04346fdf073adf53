import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readTlsSettings, type TlsMaterial } from '../config/tls-files.js';
import { createTlsCheck } from './watch-tls.js';

const folder = mkdtempSync(join(tmpdir(), 'zhongkong-watch-'));
const at = (name: string) => join(folder, name);

beforeAll(() => {
  for (const name of ['old', 'new']) {
    const request = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '60',
      '-subj',
      '/CN=localhost',
    ];
    execFileSync('openssl', [...request, '-keyout', at(`${name}.key`), '-out', at(`${name}.crt`)], {
      stdio: 'ignore',
    });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** In its own place each: `tls.crt` and `tls.key`, reached by links as those that Kubernetes makes. */
function watched() {
  const place = mkdtempSync(join(folder, 'place-'));
  const link = (name: string, target: string) => {
    symlinkSync(at(target), join(place, `${name}.next`));
    renameSync(join(place, `${name}.next`), join(place, name));
  };
  link('tls.crt', 'old.crt');
  link('tls.key', 'old.key');
  const settings = readTlsSettings({ TLS_CERT: 'tls.crt', TLS_KEY: 'tls.key' }, place);
  if (!settings.ok || settings.value === undefined) throw new Error('the files cannot be read');
  const lines: string[] = [];
  const applied: TlsMaterial[] = [];
  const log = {
    info: (_fields: object, text: string) => void lines.push(`info ${text}`),
    warn: (text: string) => void lines.push(`warn ${text}`),
  };
  const check = createTlsCheck(settings.value, {
    log: log as never,
    apply: (material) => void applied.push(material),
  });
  return { place, link, check, lines, applied };
}

describe('the files of a certificate', () => {
  it('may be replaced one after the other, without a warning in between', () => {
    const { link, check, lines, applied } = watched();
    check();
    link('tls.crt', 'new.crt');
    check();
    expect([applied, lines]).toEqual([[], []]);
    link('tls.key', 'new.key');
    check();
    check();
    expect([applied.length, lines]).toEqual([
      1,
      ['info the certificate was replaced; new connections get it'],
    ]);
  });

  it('that do not fit are reported once, as long as they stay the same', () => {
    const { place, link, check, lines, applied } = watched();
    link('tls.crt', 'new.crt');
    for (const _look of [1, 2, 3, 4]) check();
    expect(lines).toEqual([
      expect.stringMatching(/^warn the new certificate files cannot be used.*TLS_KEY: /),
    ]);
    rmSync(join(place, 'tls.key'));
    for (const _look of [1, 2, 3]) check();
    expect(lines.slice(1)).toEqual([expect.stringMatching(/TLS_KEY: the file .* cannot be read \(ENOENT\)/)]);
    expect(applied).toEqual([]);
  });

  it('that are as before again change nothing', () => {
    const { place, link, check, lines, applied } = watched();
    link('tls.crt', 'new.crt');
    check();
    rmSync(join(place, 'tls.crt'));
    copyFileSync(at('old.crt'), join(place, 'tls.crt'));
    check();
    expect([applied, lines]).toEqual([[], []]);
  });
});
