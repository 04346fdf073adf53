import { execFileSync } from 'node:child_process';

/** The ids of a process' children. */
export function childrenOf(pid: number): number[] {
  return list(['--ppid', String(pid), '-o', 'pid=']).map(Number);
}

/** Whether it still does anything: a process that has ended may stay in the table until somebody asks for it. */
export function isRunning(pid: number): boolean {
  return list(['-p', String(pid), '-o', 'stat=']).some((state) => !state.startsWith('Z'));
}

function list(args: string[]): string[] {
  try {
    return execFileSync('ps', args, { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.trim() !== '');
  } catch {
    // `ps` fails when there is none.
    return [];
  }
}
