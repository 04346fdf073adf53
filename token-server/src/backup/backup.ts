import {
  createKeys,
  eraseStored,
  fitsStoredData,
  holdsNothing,
  type KeyRing,
  keyIdOf,
  readStored,
  restoredEntry,
  type StoredEntry,
  storedSealingKey,
  writeStored,
} from '@zhongkong/jobs';
import { StartError } from '../start-error.js';
import { type BackupHeader, checkBackup, readBackup, writeBackup } from './backup-file.js';
import { type OpenOptions, type OpenStore, openStore } from './open-store.js';

/** Its name in a backup; it is among the first entries. */
const MASTER_KEY_CHECK = createKeys('', 0).masterKeyCheck;
const BATCH = 200;
const REPORT_EVERY = 1_000;

export type Here = Omit<OpenOptions, 'toWrite'>;

export interface Saved {
  readonly entries: number;
  /** What was saved, for people. */
  readonly place: string;
  /** Null: nothing is sealed yet. */
  readonly masterKeyId: string | null;
  readonly masterKeyFile: string | undefined;
}

/** Saves everything that lasts of an installation, while its servers work or not. @throws ConfigError, StartError */
export function backUp(here: Here, path: string, onProgress: (text: string) => void): Promise<Saved> {
  return withStore({ ...here, toWrite: false }, async ({ redis, prefix, place, masterKeyFile }) => {
    const sealing = await storedSealingKey(redis, prefix);
    const masterKeyId = sealing === null ? null : keyIdOf(sealing.check);
    async function* counted(): AsyncGenerator<StoredEntry> {
      let entries = 0;
      for await (const entry of readStored(redis, prefix)) {
        entries += 1;
        if (entries % REPORT_EVERY === 0) onProgress(`${entries} entries saved`);
        yield entry;
      }
    }
    return { entries: await writeBackup(path, masterKeyId, counted()), place, masterKeyId, masterKeyFile };
  });
}

export interface RestoreOptions {
  readonly path: string;
  /** Removes what is there before. */
  readonly replace: boolean;
  readonly onProgress: (text: string) => void;
}

/**
 * Stores a backup into an installation whose servers are stopped. Nothing is changed unless the file is whole, its master
 * key is known, and there is nothing of the installation, or it is to be replaced.
 * @throws ConfigError, StartError
 */
export function restore(
  here: Here,
  { path, replace, onProgress }: RestoreOptions,
): Promise<BackupHeader & { readonly entries: number; readonly place: string }> {
  return withStore({ ...here, toWrite: true }, async (store) => {
    const { redis, prefix, place } = store;
    const backup = await checkBackup(path);
    const ring = ringFor(backup, store);
    const servers = await store.countServers();
    if (servers > 0) throw new StartError(`${servers} server(s) run on ${place}: stop them first.`);
    if (replace) await eraseStored(redis, prefix);
    else if (!(await holdsNothing(redis, prefix)))
      throw new StartError(
        `${place} holds data already: give --replace to remove it before, or restore into an empty one.`,
      );
    let written = 0;
    let batch: StoredEntry[] = [];
    const write = async () => {
      await writeStored(redis, prefix, batch);
      written += batch.length;
      batch = [];
      onProgress(`${written} of ${backup.entries} entries`);
    };
    for await (const entry of readBackup(path)) {
      batch.push(restoredEntry(entry, Date.now(), ring));
      if (batch.length === BATCH || entry.name === MASTER_KEY_CHECK) await write();
      // From here on the ring seals as the servers will.
      if (entry.name === MASTER_KEY_CHECK) await fitsStoredData(redis, ring, prefix);
    }
    await write();
    return { ...backup, place };
  });
}

async function withStore<T>(options: OpenOptions, work: (store: OpenStore) => Promise<T>): Promise<T> {
  const store = await openStore(options);
  return work(store).finally(() => store.close());
}

/** @throws StartError when the master key of the backup is not there */
function ringFor({ masterKeyId }: BackupHeader, { ring, masterKeyFile }: OpenStore): KeyRing {
  if (ring !== undefined && (masterKeyId === null || ring.keyIds.includes(masterKeyId))) return ring;
  const which = masterKeyId === null ? 'a master key' : `the master key ${masterKeyId}`;
  const known = ring === undefined ? 'none is given' : `given is ${ring.keyIds.join(', ')}`;
  const where = masterKeyFile === undefined ? '' : `, or put it into ${masterKeyFile}`;
  throw new StartError(
    `The backup needs ${which}, and ${known}: give it in ZHONGKONG_MASTER_KEY${where}. Nothing was changed.`,
  );
}
