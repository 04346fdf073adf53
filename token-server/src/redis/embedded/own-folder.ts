import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { resolve } from 'node:path';
import { makeDataFolder } from '../../data-folder.js';
import { StartError } from '../../start-error.js';
import { askSocket } from './ask-socket.js';
import { withLockFile } from './lock-file.js';
import { socketPath } from './socket-path.js';

/** The right to use a data folder. */
export interface FolderOwnership {
  release(): void;
}

/**
 * Takes a data folder for this process alone. Its owner is the process that listens on `owner.sock`: a listening socket
 * ends with its process, and unlike a file with a process id it cannot be confused with another process. The socket of
 * a process that was killed is removed under a lock, so that nobody removes the socket of a new owner.
 * @throws StartError when another process owns it
 */
export async function ownFolder(dataDir: string): Promise<FolderOwnership> {
  const folder = resolve(dataDir);
  makeDataFolder(folder);
  const path = socketPath(folder, 'owner.sock');
  const server = createServer((peer) => peer.end(String(process.pid)));
  await withLockFile(`${path}.lock`, async () => {
    const ownerPid = await askSocket(path);
    if (ownerPid !== null) throw inUse(folder, ownerPid);
    rmSync(path, { force: true });
    await listen(server, path, folder);
  });
  const ownerPid = await askSocket(path);
  if (ownerPid !== String(process.pid)) {
    server.close();
    throw inUse(folder, ownerPid ?? '');
  }
  server.unref();
  return { release: () => void server.close() };
}

async function listen(server: Server, path: string, folder: string): Promise<void> {
  server.listen(path);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `The data folder ${folder} cannot be used (${code}): free space on its disk, or choose another with DATA_DIR.`;
    throw new StartError(message, { cause: error });
  }
}

function inUse(folder: string, ownerPid: string): StartError {
  const owner = ownerPid || 'unknown; it does not answer';
  return new StartError(
    `The data folder ${folder} is in use by another Zhongkong server (process ${owner}): stop that one, or give this one a DATA_DIR of its own.`,
  );
}
