/** One sentence for somebody at a terminal, and the exit code: 2 for bad usage, 1 for the rest. */
export function explainFailure(
  error: unknown,
  { host, port }: { host: string; port: number },
): { message: string; exitCode: 1 | 2 } {
  if (error instanceof TypeError) return { message: error.message, exitCode: 2 };
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const message = `Port ${port} of ${host} is taken: stop what listens there, or choose another with --port (0 takes a free one).`;
    return { message, exitCode: 1 };
  }
  return { message: error instanceof Error ? error.message : String(error), exitCode: 1 };
}
