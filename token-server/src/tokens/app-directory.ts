import type { AppConfig } from '../config/config.js';
import type { PolicyInput } from '../config/config-file-schema.js';
import { type AppEntry, toAppConfig } from './app-entry.js';

/** Hears of each app that comes, changes or goes. */
export interface AppListener {
  setApp(app: AppConfig): void;
  /** @param source where the app was named last */
  removeApp(appId: string, source: AppConfig['source']): Promise<void>;
}

export interface FileApps {
  readonly apps: readonly AppConfig[];
  /** For all apps, also those of the registry. */
  readonly policy: PolicyInput;
}

/**
 * All apps of this server: those of the configuration file, and those of the registry. What the file names is the
 * file's: an app of the registry with the same id waits until the file names it no longer.
 */
export class AppDirectory {
  #file: ReadonlyMap<string, AppConfig> = new Map();
  #policy: PolicyInput = {};
  readonly #entries = new Map<string, AppEntry>();
  readonly #apps = new Map<string, AppConfig>();
  readonly #removals = new Set<Promise<void>>();
  #sorted: readonly string[] | null = null;
  #listener: AppListener | null = null;

  constructor(file: FileApps) {
    this.setFile(file);
  }

  /** Every change from now on goes to this listener. */
  connect(listener: AppListener): void {
    this.#listener = listener;
  }

  find(appId: string): AppConfig | undefined {
    return this.#apps.get(appId);
  }

  has(appId: string): boolean {
    return this.#apps.has(appId);
  }

  all(): Iterable<AppConfig> {
    return this.#apps.values();
  }

  /** All app ids in order. */
  sortedIds(): readonly string[] {
    this.#sorted ??= [...this.#apps.keys()].sort();
    return this.#sorted;
  }

  isOfFile(appId: string): boolean {
    return this.#file.has(appId);
  }

  fileApps(): readonly AppConfig[] {
    return [...this.#file.values()];
  }

  /** Takes the apps of a file that was read again over. @returns the ids of those that came, changed and went */
  setFile({ apps, policy }: FileApps): { added: string[]; changed: string[]; removed: string[] } {
    const before = new Map([...this.#file]);
    this.#file = new Map(apps.map((app) => [app.appId, app]));
    const isPolicyNew = JSON.stringify(policy) !== JSON.stringify(this.#policy);
    this.#policy = policy;
    const removed = [...before.keys()].filter((appId) => !this.#file.has(appId));
    const added = apps.map(({ appId }) => appId).filter((appId) => !before.has(appId));
    const changed = apps
      .filter((app) => before.has(app.appId) && !isSame(app, before.get(app.appId)))
      .map(({ appId }) => appId);
    const touched = [...removed, ...added, ...changed, ...(isPolicyNew ? this.#entries.keys() : [])];
    for (const appId of new Set(touched)) this.#update(appId);
    // Their secrets are read from the new objects from now on, also where nothing else has changed.
    for (const app of apps) this.#apps.set(app.appId, app);
    return { added, changed, removed };
  }

  /** Takes an entry of the registry over. @param entry undefined: it was removed */
  setEntry(appId: string, entry: AppEntry | undefined): void {
    if (entry === undefined) this.#entries.delete(appId);
    else this.#entries.set(appId, entry);
    this.#update(appId);
  }

  /** Resolves when nothing is left of the apps that were removed. */
  async settled(): Promise<void> {
    await Promise.all(this.#removals);
  }

  #remove(appId: string, source: AppConfig['source']): void {
    const removal = this.#listener?.removeApp(appId, source);
    if (removal === undefined) return;
    this.#removals.add(removal);
    void removal.catch(() => {}).finally(() => this.#removals.delete(removal));
  }

  #update(appId: string): void {
    this.#sorted = null;
    const entry = this.#entries.get(appId);
    const app = this.#file.get(appId) ?? (entry && toAppConfig(appId, entry, this.#policy));
    if (app !== undefined) {
      this.#apps.set(appId, app);
      this.#listener?.setApp(app);
      return;
    }
    const last = this.#apps.get(appId);
    this.#apps.delete(appId);
    if (last !== undefined) this.#remove(appId, last.source);
  }
}

function isSame(app: AppConfig, other: AppConfig | undefined): boolean {
  return JSON.stringify(plain(app)) === JSON.stringify(other && plain(other));
}

/** With the secret of this moment, which is a getter. */
function plain({ secret, ...app }: AppConfig) {
  return { ...app, secret };
}
