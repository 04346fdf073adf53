import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../../start-error.js';

/** A unix socket's path has to fit into 108 bytes on Linux, 104 on macOS. */
const PATH_BYTES_MAX = 100;

/**
 * Where a socket of a data folder lies: inside it, or, when its path is too long, in a folder named after it.
 * @throws StartError when that folder is not ours alone
 */
export function socketPath(dataDir: string, name: string): string {
  const inside = join(dataDir, name);
  if (Buffer.byteLength(inside) <= PATH_BYTES_MAX) return inside;
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `zhongkong-${hash}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Anybody may make a folder there, and whoever can write into it could stand in for our Redis.
  const found = lstatSync(folder);
  const isOurs = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  if (isOurs) return join(folder, name);
  throw new StartError(
    `${folder} belongs to somebody else, or others may look into it: remove it, or choose a DATA_DIR with a shorter path.`,
  );
}
