import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StartError } from '../../start-error.js';

/** Valkey speaks the same protocol; some systems install it in place of Redis. */
const NAMES = ['redis-server', 'valkey-server'];

/** The first `redis-server` on the search path. @throws StartError */
export function findRedisServer(searchPath: string): string {
  const candidates = NAMES.flatMap((name) => searchPath.split(delimiter).map((folder) => join(folder, name)));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new StartError(
    'There is no redis-server on the PATH: install it (apt-get install redis-server, apk add redis, dnf install redis, brew install redis), or set REDIS_URL to a running Redis.',
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
