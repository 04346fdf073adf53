export interface Wait {
  /** True when it happened, false when the wait ended without. */
  readonly happened: Promise<boolean>;
  /** Ends the wait after this time. */
  endAfter(ms: number): void;
  /** Ends the wait at once; a wait that is over is not disturbed. */
  cancel(): void;
}

/** Waits for a call-back, from now on: what happens before the await is not missed. Leaves nothing behind when over. */
export function until(subscribe: (callback: () => void) => () => void): Wait {
  let timer: NodeJS.Timeout | undefined;
  let finish: (happened: boolean) => void = () => {};
  const happened = new Promise<boolean>((resolve) => {
    const unsubscribe = subscribe(() => finish(true));
    finish = (result) => {
      clearTimeout(timer);
      unsubscribe();
      resolve(result);
    };
  });
  return {
    happened,
    endAfter(ms) {
      timer = setTimeout(() => finish(false), ms);
    },
    cancel: () => finish(false),
  };
}
