import { setTimeout as sleep } from 'node:timers/promises';

/** What comes of it in time; null when nothing does, or it fails. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | null> {
  const limit = new AbortController();
  const late = sleep(ms, null, { signal: limit.signal, ref: false }).catch(() => null);
  try {
    return await Promise.race([work, late]);
  } catch {
    return null;
  } finally {
    limit.abort();
  }
}
