/**
 * Resolves after a while, or at once when the signal comes. With a signal it keeps no process alive; without one
 * somebody waits for it.
 */
export function pause(ms: number, ended: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (ended?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      ended?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (ended !== undefined) timer.unref();
    ended?.addEventListener('abort', done);
  });
}
