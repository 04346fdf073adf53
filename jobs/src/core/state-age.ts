import type { KeeperState } from './keeper-state.js';

/**
 * Whether a state is older than another. By version first, which grows for ever; the revision, which starts anew when
 * Redis has lost its data, decides between states of one version.
 */
export function isOlder(state: KeeperState, other: KeeperState): boolean {
  const [version, otherVersion] = [state.record?.version ?? 0, other.record?.version ?? 0];
  return version === otherVersion ? state.revision < other.revision : version < otherVersion;
}
