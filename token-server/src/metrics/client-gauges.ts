import type { Registry } from 'prom-client';
import { CATALOGUE, gauge } from './catalogue.js';

/** So many clients have a series of their own; all that end later share one. */
const CLIENTS_MAX = 1_000;
const OTHER = 'other';

/** Registers when the keys of clients end. @returns what has to be called before the registry is read */
export function createClientGauges(registry: Registry) {
  const expiresIn = gauge(CATALOGUE.clientExpiresIn, registry);
  return (ends: ReadonlyMap<string, number>, nowMs: number): void => {
    expiresIn.reset();
    for (const [client, seconds] of secondsLeft(ends, nowMs)) expiresIn.set({ client }, seconds);
  };
}

/** The clients whose keys end first, and for the others the least of theirs. */
export function secondsLeft(
  ends: ReadonlyMap<string, number>,
  nowMs: number,
  max = CLIENTS_MAX,
): [client: string, seconds: number][] {
  const sorted = [...ends].sort(([, one], [, other]) => one - other);
  return sorted
    .slice(0, max + 1)
    .map(([client, atMs], index) => [
      index < max ? client : OTHER,
      Math.max(0, Math.floor((atMs - nowMs) / 1000)),
    ]);
}
