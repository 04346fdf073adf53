/** Nobody ended a call in time that this one could have followed. */
export class NoSlotError extends Error {
  override readonly name = 'NoSlotError';
}

/** How many calls may be under way at a time; who comes when there are that many waits for its turn, for a while. */
export interface CallSlots {
  /** @returns gives the slot back; to be called when the call has ended @throws NoSlotError */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createCallSlots(max: number, waitMs: number): CallSlots {
  let free = max;
  // In the order in which they came.
  const waiting = new Set<() => void>();

  function turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(late);
        signal.removeEventListener('abort', giveUp);
        waiting.delete(go);
      };
      const go = () => {
        leave();
        resolve();
      };
      const giveUp = () => {
        leave();
        reject(new NoSlotError());
      };
      const late = setTimeout(giveUp, waitMs);
      signal.addEventListener('abort', giveUp);
      waiting.add(go);
    });
  }

  return {
    async take(signal) {
      if (signal.aborted) throw new NoSlotError();
      if (free > 0) free -= 1;
      else await turn(signal);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        const [next] = waiting;
        if (next === undefined) free += 1;
        else next();
      };
    },
  };
}
