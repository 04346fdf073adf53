import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { call } from './api.js';
import type { App } from './types.js';

const PAGE = 1_000;
/** Without any news, the list is read again so often. */
const AGAIN_MS = 60_000;
/** More changes than this are one new reading of the list. */
const NAMED_MAX = 50;
/** While the pages arrive. */
const SHOW_EVERY_MS = 300;

export interface AppList {
  readonly apps: readonly App[];
  readonly isComplete: boolean;
  readonly error: string | undefined;
  /** When the answer was made that holds an app, to show ages that grow. */
  readonly readAtMs: ReadonlyMap<string, number>;
  /** @param appIds null: all */
  refresh(appIds: readonly string[] | null): void;
}

/** Every app, page by page, kept up to date one by one. */
export function useAppList(isOn: boolean): AppList {
  const [, redraw] = useState(0);
  const known = useRef(new Map<string, App>());
  const readAtMs = useRef(new Map<string, number>());
  const sorted = useRef<readonly App[]>([]);
  const reading = useRef<Promise<void> | undefined>(undefined);
  const [isComplete, setIsComplete] = useState(false);
  const [error, setError] = useState<string>();

  const show = useCallback(() => {
    sorted.current = [...known.current.values()];
    redraw((count) => count + 1);
  }, []);
  const take = useCallback((app: App) => {
    known.current.set(app.appId, app);
    readAtMs.current.set(app.appId, Date.now());
  }, []);

  const readAll = useCallback(async () => {
    const seen = new Set<string>();
    let after: string | null = '';
    let shownAtMs = 0;
    do {
      const page: { apps: App[]; next: string | null } = await call(
        'GET',
        `/v1/apps?limit=${PAGE}${after ? `&after=${encodeURIComponent(after)}` : ''}`,
      );
      for (const app of page.apps) {
        seen.add(app.appId);
        take(app);
      }
      after = page.next;
      if (performance.now() - shownAtMs > SHOW_EVERY_MS) {
        show();
        shownAtMs = performance.now();
      }
    } while (after !== null);
    for (const appId of known.current.keys()) if (!seen.has(appId)) known.current.delete(appId);
    setIsComplete(true);
    show();
  }, [show, take]);

  const readOne = useCallback(
    async (appId: string) => {
      const found = await call<App>('GET', `/v1/apps/${encodeURIComponent(appId)}`).catch(() => undefined);
      if (found === undefined) known.current.delete(appId);
      else take(found);
    },
    [take],
  );

  /** Those who ask while it is being read get the same reading. */
  const readAllOnce = useCallback((): Promise<void> => {
    reading.current ??= readAll().finally(() => {
      reading.current = undefined;
    });
    return reading.current;
  }, [readAll]);

  const refresh = useCallback(
    (appIds: readonly string[] | null) => {
      const isAll = appIds === null || appIds.length > NAMED_MAX;
      const work = isAll ? readAllOnce() : Promise.all(appIds.map(readOne)).then(show);
      work.then(
        () => setError(undefined),
        (reason: unknown) => setError(String((reason as Error).message)),
      );
    },
    [readAllOnce, readOne, show],
  );

  useEffect(() => {
    if (!isOn) return;
    refresh(null);
    const timer = setInterval(() => refresh(null), AGAIN_MS);
    return () => clearInterval(timer);
  }, [isOn, refresh]);

  return { apps: sorted.current, isComplete, error, readAtMs: readAtMs.current, refresh };
}
