import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A unix socket's path has to fit into 108 bytes on Linux, 104 on macOS. */
const PATH_BYTES_MAX = 100;

/** Where a socket of a data folder lies: inside it, or, when its path is too long, in a folder named after it. */
export function socketPath(dataDir: string, name: string): string {
  const inside = join(dataDir, name);
  if (Buffer.byteLength(inside) <= PATH_BYTES_MAX) return inside;
  const folder = join(
    tmpdir(),
    `zhongkong-${createHash('sha256').update(dataDir).digest('hex').slice(0, 16)}`,
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, name);
}
