import { readFile, rename, writeFile } from 'node:fs/promises';
import type { World } from '../world.js';
import { restoreSnapshot, snapshotSchema, takeSnapshot } from './snapshot.js';

/** Keeps a world in a file. It holds secrets and tokens, so only its owner may read it. */
export class StateFile {
  readonly #path: string;
  /** The world to write next; undefined when the file is up to date. */
  #unsaved: World | undefined;
  #writing: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Brings back what the file holds; nothing if there is no file yet. */
  async load(world: World): Promise<void> {
    const text = await readFile(this.#path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (text === undefined) return;
    try {
      restoreSnapshot(world, snapshotSchema.parse(JSON.parse(text)));
    } catch (cause) {
      throw new Error(`${this.#path} is no state file of this sandbox. Remove it to start afresh.`, {
        cause,
      });
    }
  }

  /** Has the world written soon. Changes that come while a write is under way share the next one. */
  save(world: World): void {
    this.#unsaved = world;
    this.#writing ??= this.#write();
  }

  /** Writes the world and waits until that is done. */
  async flush(world: World): Promise<void> {
    this.save(world);
    await this.#writing;
  }

  async #write(): Promise<void> {
    // Lets the change that asked for it come to its end.
    await Promise.resolve();
    while (this.#unsaved) {
      const text = JSON.stringify(takeSnapshot(this.#unsaved));
      this.#unsaved = undefined;
      try {
        await writeFile(`${this.#path}.tmp`, text, { mode: 0o600 });
        await rename(`${this.#path}.tmp`, this.#path);
      } catch (error) {
        process.emitWarning(`The sandbox cannot keep its state: ${String(error)}`);
      }
    }
    this.#writing = undefined;
  }
}
