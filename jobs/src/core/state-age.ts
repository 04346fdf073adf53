import type { KeeperState } from './keeper-state.js';

/** The latest version that a state knows of. */
export function versionOf({ record, versionFloor }: KeeperState): number {
  return Math.max(record?.version ?? 0, versionFloor);
}

/**
 * Whether a state is older than another. By version first, which grows for ever; the revision, which starts anew when
 * Redis has lost its data, decides between states of one version.
 */
export function isOlder(state: KeeperState, other: KeeperState): boolean {
  const [version, otherVersion] = [versionOf(state), versionOf(other)];
  return version === otherVersion ? state.revision < other.revision : version < otherVersion;
}
