import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StartError } from '../../start-error.js';

/** The path of a unix socket may have 108 bytes on Linux and 104 on macOS. */
const PATH_BYTES_MAX = 100;

/** Where the socket of a data folder is, if there is one. Makes nothing. */
export function placeOfSocket(dataDir: string, name: string): string {
  const inside = join(dataDir, name);
  if (Buffer.byteLength(inside) <= PATH_BYTES_MAX) return inside;
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(tmpdir(), `zhongkong-${hash}`, name);
}

/**
 * The path of a socket of a data folder: inside it or, when that path is too long, in a folder below the system's
 * folder for temporary files.
 * @throws StartError when other users may write into that folder
 */
export function socketPath(dataDir: string, name: string): string {
  const path = placeOfSocket(dataDir, name);
  if (path === join(dataDir, name)) return path;
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Any user may make a folder there, and a user who may write into it could replace our Redis by another program.
  const found = lstatSync(folder);
  const isPrivate = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  if (isPrivate) return path;
  throw new StartError(
    `${folder} belongs to somebody else, or others may look into it: remove it, or choose a DATA_DIR with a shorter path.`,
  );
}
