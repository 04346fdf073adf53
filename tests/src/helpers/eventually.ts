import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;

type Nothing = undefined | null | false;

/** Waits until `probe` gives something else than undefined, null or false. Only for what tells of itself by no event. */
export async function eventually<T>(
  what: string,
  probe: () => T | Nothing | Promise<T | Nothing>,
  withinMs = 20_000,
): Promise<T> {
  const giveUpAt = performance.now() + withinMs;
  while (performance.now() < giveUpAt) {
    const found = await probe();
    if (found !== undefined && found !== null && found !== false) return found;
    await sleep(POLL_MS);
  }
  throw new Error(`waited ${withinMs} ms in vain: ${what}`);
}
