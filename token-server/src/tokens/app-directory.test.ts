import { describe, expect, it } from '@jest/globals';
import type { AppConfig } from '../config/config.js';
import { toPolicy } from '../config/to-policy.js';
import { AppDirectory } from './app-directory.js';
import type { AppEntry } from './app-entry.js';

const app = (appId: string, secret = 'of the file'): AppConfig => ({
  appId,
  secret,
  source: 'file',
  policy: toPolicy('stable', {}, {}),
});

const entry = (secret: string): AppEntry => ({
  secret,
  mode: 'stable',
  policy: {},
  paused: false,
  createdAtMs: 1,
  updatedAtMs: 1,
});

function directoryOf(...apps: AppConfig[]) {
  const directory = new AppDirectory({ apps, policy: {} });
  const heard: string[] = [];
  directory.connect({
    setApp: ({ appId, secret }) => void heard.push(`set ${appId} with the secret ${secret}`),
    removeApp: async (appId, source) => void heard.push(`remove ${appId} of the ${source}`),
  });
  return { directory, heard };
}

describe('the directory of apps', () => {
  it('gives what the file names to the file, and to the registry when the file names it no longer', () => {
    const { directory, heard } = directoryOf(app('wx1'));
    directory.setEntry('wx1', entry('of the registry'));
    expect(directory.find('wx1')?.secret).toBe('of the file');
    directory.setFile({ apps: [], policy: {} });
    expect(directory.find('wx1')?.secret).toBe('of the registry');
    directory.setFile({ apps: [app('wx1')], policy: {} });
    expect(directory.find('wx1')?.secret).toBe('of the file');
    expect(heard).not.toContain('remove wx1 of the file');
  });

  it.each<[string, (directory: AppDirectory) => void, string]>([
    ['the file', (directory) => directory.setFile({ apps: [], policy: {} }), 'remove wx1 of the file'],
    ['the registry', (directory) => directory.setEntry('wx2', undefined), 'remove wx2 of the api'],
  ])('says where an app stood that %s no longer names', (_where, leave, line) => {
    const { directory, heard } = directoryOf(app('wx1'));
    directory.setEntry('wx2', entry('a'));
    leave(directory);
    expect(heard).toContain(line);
    expect(directory.sortedIds()).toHaveLength(1);
  });

  it('tells what came, changed and went in a file that was read again, and nothing of what stayed the same', () => {
    const { directory, heard } = directoryOf(app('wx1'), app('wx2'), app('wx3'));
    const changes = directory.setFile({
      apps: [app('wx4'), app('wx1'), app('wx2', 'another')],
      policy: {},
    });
    expect(changes).toEqual({ added: ['wx4'], changed: ['wx2'], removed: ['wx3'] });
    expect(heard.sort()).toEqual([
      'remove wx3 of the file',
      'set wx2 with the secret another',
      'set wx4 with the secret of the file',
    ]);
  });

  it('gives a new policy of the file to the apps of the registry too', () => {
    const { directory } = directoryOf();
    directory.setEntry('wx1', entry('a'));
    directory.setFile({ apps: [], policy: { refreshLead: 77 } });
    expect(directory.find('wx1')?.policy.leadMs).toBe(77_000);
  });
});
