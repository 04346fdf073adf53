import { once } from 'node:events';
import { unlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { StartError } from '../../start-error.js';
import { askSocket } from './ask-socket.js';
import { socketPath } from './socket-path.js';

/** The right to use a data folder. */
export interface FolderOwnership {
  release(): void;
}

/**
 * Takes a data folder for this process alone. The proof is a listening socket: it ends with the process, however
 * that ends, and unlike a file with a process id it cannot be mistaken for somebody else's.
 * @throws StartError when another process has it
 */
export async function ownFolder(dataDir: string): Promise<FolderOwnership> {
  const path = socketPath(dataDir, 'owner.sock');
  const server = createServer((peer) => peer.end(String(process.pid)));
  if (!(await listens(server, path))) {
    const ownerPid = await askSocket(path);
    if (ownerPid !== null) {
      throw new StartError(
        `The data folder ${dataDir} is in use by another Zhongkong server (process ${ownerPid || 'unknown; it does not answer'}): stop that one, or give this one a DATA_DIR of its own.`,
      );
    }
    unlinkSync(path);
    if (!(await listens(server, path))) {
      throw new StartError(
        `The data folder ${dataDir} was taken just now by another server: give this one its own.`,
      );
    }
  }
  server.unref();
  return { release: () => void server.close() };
}

async function listens(server: Server, path: string): Promise<boolean> {
  server.listen(path);
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}
