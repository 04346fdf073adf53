/** Resolves after a while, or at once when the signal comes; keeps no process alive. */
export function pause(ms: number, ended: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (ended?.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      ended?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms).unref();
    ended?.addEventListener('abort', done);
  });
}
