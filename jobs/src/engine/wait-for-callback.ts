export interface Wait {
  /** True when the callback came, false when the wait ended without it. */
  readonly happened: Promise<boolean>;
  /** Ends the wait after this time. */
  endAfter(ms: number): void;
  /** Ends the wait at once. Does nothing when it is over. */
  end(): void;
}

/**
 * Waits for a callback, from now on: a callback before the `await` is not missed.
 * @param subscribe registers the callback, and returns the function that removes it
 */
export function waitForCallback(subscribe: (callback: () => void) => () => void): Wait {
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
    end: () => finish(false),
  };
}
