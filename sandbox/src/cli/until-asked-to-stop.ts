/**
 * Resolves on SIGINT and SIGTERM, and when the parent at the other end of the IPC channel goes away, so that the
 * sandbox never outlives a parent that was killed. A second signal ends the process the hard way.
 */
export function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.once('disconnect', () => resolve());
  });
}
