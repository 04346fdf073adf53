import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder.js';

/** A clock of processes that a test sets while they run; their monotonic clock stays right, as a machine's does. */
export interface FalseClock {
  /** What a process needs in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** @param offset of libfaketime: `+0`, `+1h`, `-1d` */
  set(offset: string): void;
}

/** Where Debian's package `faketime` puts its library; undefined when it is not installed. */
export function findLibFaketime(): string | undefined {
  const folders = ['/usr/lib', ...subfoldersOf('/usr/lib')];
  return folders
    .map((folder) => join(folder, 'faketime', 'libfaketime.so.1'))
    .find((path) => existsSync(path));
}

export function falseClock(library: string, offset: string): FalseClock {
  const file = join(tempFolder(), 'time');
  const set = (value: string) => writeFileSync(file, `${value}\n`);
  set(offset);
  const environment = {
    // Redis' own allocator asks for the time before libfaketime is ready, so the allocator of libc goes before it.
    LD_PRELOAD: `${library}:${join(library, '..', '..', 'libc.so.6')}`,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  return { environment, set };
}

/** A folder with a `redis-server` whose clock is false; for a server that passes nothing of its environment on but the PATH. */
export function folderWithFalseRedis({ environment }: FalseClock, searchPath: string): string {
  const folder = tempFolder();
  const settings = Object.entries(environment).map(([name, value]) => `${name}='${value}'`);
  const script = `#!/bin/sh\nPATH='${searchPath}' exec env ${settings.join(' ')} redis-server "$@"\n`;
  writeFileSync(join(folder, 'redis-server'), script, { mode: 0o755 });
  return folder;
}

function subfoldersOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name));
}
