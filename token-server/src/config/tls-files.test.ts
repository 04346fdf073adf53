import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readTlsSettings } from './tls-files.js';

const folder = mkdtempSync(join(tmpdir(), 'zhongkong-tls-'));
const at = (name: string) => join(folder, name);

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore', cwd: folder });
}

function makePair(name: string, bits = '2048'): void {
  const request = [
    'req',
    '-x509',
    '-newkey',
    `rsa:${bits}`,
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  ];
  openssl(...request, '-keyout', `${name}.key`, '-out', `${name}.crt`);
}

beforeAll(() => {
  makePair('one');
  makePair('two');
  makePair('weak', '512');
  openssl('pkey', '-in', 'one.key', '-aes128', '-passout', 'pass:secret', '-out', 'sealed.key');
  writeFileSync(at('empty'), '');
  writeFileSync(at('half.crt'), '-----BEGIN CERTIFICATE-----\nMIIB');
});
afterAll(() => rmSync(folder, { recursive: true }));

function faultsOf(...files: (string | undefined)[]): string[] {
  const [TLS_CERT, TLS_KEY, TLS_CLIENT_CA] = files;
  const read = readTlsSettings({ TLS_CERT, TLS_KEY, TLS_CLIENT_CA }, folder);
  return read.ok ? [] : read.faults.map(({ key, place, message }) => `${key} (${place}): ${message}`);
}

describe('the files of TLS', () => {
  it('are none by default', () => {
    expect(readTlsSettings({}, folder)).toEqual({ ok: true, value: undefined });
    expect(readTlsSettings({ TLS_CERT: ' ', TLS_KEY: '' }, folder)).toEqual({ ok: true, value: undefined });
  });

  it('are read with the dates of the certificate, relative to the working folder', () => {
    const read = readTlsSettings(
      { TLS_CERT: 'one.crt', TLS_KEY: 'one.key', TLS_CLIENT_CA: 'two.crt' },
      folder,
    );
    if (!read.ok || read.value === undefined) throw new Error(JSON.stringify(read));
    const { paths, material } = read.value;
    expect(paths).toEqual({ cert: at('one.crt'), key: at('one.key'), clientCa: at('two.crt') });
    expect(material.validUntilMs - material.validFromMs).toBe(2 * 86_400_000);
  });

  it.each<[string, (string | undefined)[], RegExp[]]>([
    ['there is only a certificate', ['one.crt'], [/^TLS_KEY \(environment\): is missing; TLS_CERT needs it/]],
    [
      'there is only a key',
      [undefined, 'one.key'],
      [/^TLS_CERT \(environment\): is missing; TLS_KEY needs it/],
    ],
    ['there is only an authority', [undefined, undefined, 'one.crt'], [/^TLS_CLIENT_CA .* needs TLS_CERT/]],
    [
      'files are not there',
      ['a', 'b', 'c'],
      [/^TLS_CERT .*\/a cannot be read \(ENOENT\)/, /^TLS_KEY /, /^TLS_CLIENT_CA /],
    ],
    ['a file is a folder', ['.', 'one.key'], [/^TLS_CERT .* cannot be read \(EISDIR\)/]],
    [
      'files are empty',
      ['empty', 'empty'],
      [/^TLS_CERT .* holds no certificate in PEM/, /^TLS_KEY .* holds no private key in PEM/],
    ],
    ['a certificate is half written', ['half.crt', 'one.key'], [/^TLS_CERT .* holds no certificate/]],
    ['the files are exchanged', ['one.key', 'one.crt'], [/^TLS_CERT /, /^TLS_KEY /]],
    [
      'the key is of another certificate',
      ['one.crt', 'two.key'],
      [/^TLS_KEY .* does not belong to the certificate in /],
    ],
    ['the key has a passphrase', ['one.crt', 'sealed.key'], [/^TLS_KEY .* has a passphrase: /]],
    [
      'OpenSSL finds the key too short',
      ['weak.crt', 'weak.key'],
      [/^TLS_CERT .* cannot be used \(ERR_SSL_EE_KEY_TOO_SMALL\)/],
    ],
    ['the authority is a key', ['one.crt', 'one.key', 'two.key'], [/^TLS_CLIENT_CA .* holds no certificate/]],
  ])('are refused with the name and the place of the fault when %s', (_when, files, expected) => {
    const faults = faultsOf(...files);
    expect(faults).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
    expect(faults.join()).not.toMatch(/BEGIN|secret/);
  });

  it('are refused when they may not be read', () => {
    if (process.getuid?.() === 0) return;
    chmodSync(at('two.key'), 0);
    expect(faultsOf('two.crt', 'two.key')).toEqual([expect.stringContaining('cannot be read (EACCES)')]);
  });
});
