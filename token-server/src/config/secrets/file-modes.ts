import { statSync } from 'node:fs';

const OTHERS_MAY_READ_OR_WRITE = 0o007;
const GROUP_MAY_WRITE = 0o020;

/** One warning that names the files with secrets that too many users of this machine may read or change. */
export function warnOfOpenFiles(paths: readonly (string | undefined)[]): string[] {
  const open = paths.filter((path) => path !== undefined).filter(isTooOpen);
  if (open.length === 0) return [];
  return [
    `other users of this machine may read or change files with secrets: chmod 600 ${[...new Set(open)].join(' ')} (in Kubernetes: defaultMode: 0400)`,
  ];
}

function isTooOpen(path: string): boolean {
  // Windows has no such modes.
  if (process.platform === 'win32') return false;
  const { mode = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return (mode & (OTHERS_MAY_READ_OR_WRITE | GROUP_MAY_WRITE)) !== 0;
}
