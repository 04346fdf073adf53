import type { Clock } from '@zhongkong/shared';
import { dueAtMs, isDormant } from '../core/phase.js';
import type { CredentialMemory } from './credential-memory.js';
import type { Keeping } from './keeping.js';

const BEAT_MS = 1_000;
/** The queue gets this long to do what is due, before a server looks for itself. */
const GRACE_MS = 1_000;

export interface PulseTools {
  readonly keepings: readonly Keeping[];
  readonly memory: CredentialMemory;
  readonly clock: Clock;
  /** Looks after a credential now. */
  readonly wake: (keeping: Keeping) => void;
  /** What has to be looked at now and then, this often; its failures are its own. */
  readonly upkeepEveryMs: number;
  readonly upkeep: () => void;
}

/**
 * Each server's own second look: what is overdue is looked after even when the queue has lost it, or Redis is away.
 * @returns a function that ends it
 */
export function startPulse({ keepings, memory, clock, wake, upkeepEveryMs, upkeep }: PulseTools): () => void {
  const upkeepEveryBeats = Math.max(1, Math.round(upkeepEveryMs / BEAT_MS));
  let beats = 0;
  const timer = setInterval(() => {
    beats += 1;
    if (beats % upkeepEveryBeats === 0) upkeep();
    for (const keeping of keepings) {
      const state = memory.get(keeping.id);
      if (isDormant(keeping.id, state)) continue;
      const isOverdue = clock.nowMs() > dueAtMs(state) + GRACE_MS;
      if (isOverdue && keeping.refresher.isIdle) wake(keeping);
    }
  }, BEAT_MS);
  timer.unref();
  return () => clearInterval(timer);
}
