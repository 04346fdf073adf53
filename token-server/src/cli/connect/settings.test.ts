import { describe, expect, it } from '@jest/globals';
import { CliError } from '../cli-error.js';
import { chooseKey, parseAddress } from './settings.js';

describe('the address of the server', () => {
  it.each([
    [undefined, 'http://127.0.0.1:7200/', undefined],
    ['', 'http://127.0.0.1:7200/', undefined],
    ['https://tokens.example.com/', 'https://tokens.example.com/', undefined],
    ['https://gateway.example.com/tokens', 'https://gateway.example.com/tokens', undefined],
    ['unix:/run/zhongkong.sock', 'http://localhost/', '/run/zhongkong.sock'],
    ['unix:///run/zhongkong.sock', 'http://localhost/', '/run/zhongkong.sock'],
  ])('%j leads to %s', (text, base, socketPath) => {
    const address = parseAddress(text);
    expect([address.base.href, address.socketPath]).toEqual([base, socketPath]);
  });

  it.each(['tokens.example.com', 'ftp://x', 'unix:relative', 'http://x/?a=b', 'http://user:hunter22@x'])(
    '%j is bad usage, and a password in it is not repeated',
    (text) => {
      const error = thrownBy(() => parseAddress(text));
      expect(error).toMatchObject({ exitCode: 2 });
      expect(error.message).not.toContain('hunter22');
    },
  );
});

describe('the key of a command', () => {
  const here = parseAddress('http://127.0.0.1:7200');
  const files: Record<string, string> = {
    'data/admin.key': 'the-admin-key\n',
    '/srv/zk/admin.key': 'another\n',
  };
  const readFile = (path: string) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('no file'), { code: 'ENOENT' });
    return text;
  };
  const input = { option: undefined, optionSource: undefined, address: here, dataDir: undefined, readFile };

  it.each([
    ['of --key first', { option: ' abc ', optionSource: 'cli' }, { key: 'abc', source: '--key' }],
    ['of the variable', { option: 'abc', optionSource: 'env' }, { key: 'abc', source: 'ZHONGKONG_API_KEY' }],
    ['of ./data', {}, { key: 'the-admin-key', source: 'data/admin.key' }],
    ['of DATA_DIR', { dataDir: '/srv/zk' }, { key: 'another', source: '/srv/zk/admin.key' }],
    [
      'of ./data, if the variable is empty',
      { option: '', optionSource: 'env' },
      { source: 'data/admin.key' },
    ],
    ['of ./data, for a socket', { address: parseAddress('unix:/s') }, { source: 'data/admin.key' }],
    ['of ./data, for ::1', { address: parseAddress('http://[::1]:7200') }, { source: 'data/admin.key' }],
  ])('is that %s', (_what, given, expected) => {
    expect(chooseKey({ ...input, ...given })).toMatchObject(expected);
  });

  it('never sends the admin key of this machine to another one', () => {
    const address = parseAddress('https://tokens.example.com');
    const error = thrownBy(() => chooseKey({ ...input, address }));
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringContaining('ZHONGKONG_API_KEY') });
  });

  it.each([
    ['there is none', { dataDir: '/nowhere' }, /DATA_DIR.*\/nowhere\/admin\.key/],
    [
      'it may not be read',
      {
        readFile: () => {
          throw Object.assign(new Error('no'), { code: 'EACCES' });
        },
      },
      /cannot be read \(EACCES\)/,
    ],
    ['it is no key', { option: 'two words', optionSource: 'cli' }, /^What --key holds is no client key/],
  ])('says what to do when %s', (_what, given, message) => {
    const error = thrownBy(() => chooseKey({ ...input, ...given }));
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
    expect(error.message).not.toContain('two words');
  });
});

function thrownBy(act: () => unknown): CliError {
  try {
    act();
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
