import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { call } from './api.js';

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: string | undefined;
  reload(): void;
}

/** Loads now, again every so often, and when `reload` is called. What is there stays while it is loaded again. */
export function useLoaded<T>(load: () => Promise<T>, everyMs: number, key: string): Loaded<T> {
  const [value, setValue] = useState<T>();
  const [error, setError] = useState<string>();
  const latest = useRef(load);
  latest.current = load;
  const round = useRef(0);
  const reload = useCallback(() => {
    round.current += 1;
    const own = round.current;
    latest.current().then(
      (found) => {
        if (own !== round.current) return;
        setValue(() => found);
        setError(undefined);
      },
      (reason: unknown) => {
        if (own === round.current) setError(reason instanceof Error ? reason.message : String(reason));
      },
    );
  }, []);
  useEffect(() => {
    setValue(undefined);
    reload();
    const timer = setInterval(reload, everyMs);
    return () => {
      round.current += 1;
      clearInterval(timer);
    };
  }, [key, everyMs, reload]);
  return { value, error, reload };
}

export function useAnswer<T>(path: string, everyMs: number): Loaded<T> {
  return useLoaded(() => call<T>('GET', path), everyMs, path);
}

/** The time, once a second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
