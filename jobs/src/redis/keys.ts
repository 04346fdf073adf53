import type { CredentialId } from '../keeper/state.js';

const ROOT = 'zhongkong';

/** Every Redis key and channel that is ours. The hash tag keeps one credential's keys in one cluster slot. */
export const keys = {
  /** Hash: `state` (JSON, the value sealed) and `holder` (who took the lease last). */
  data: ({ appId, kind }: CredentialId) => `${ROOT}:{${appId}}:${kind}:data`,
  /** String with a time to live: the lease. */
  lease: ({ appId, kind }: CredentialId) => `${ROOT}:{${appId}}:${kind}:lease`,
  /** Stream: every fetch, the newest last. */
  refreshes: ({ appId, kind }: CredentialId) => `${ROOT}:{${appId}}:${kind}:refreshes`,
  /** Stream: every report; apart from the fetches, so that a storm of reports cannot push those out. */
  reports: ({ appId, kind }: CredentialId) => `${ROOT}:{${appId}}:${kind}:reports`,
  /** String: proves that the master key is the one that sealed what is here. */
  masterKeyCheck: `${ROOT}:master-key-check`,
  /** Channel: states that were committed, and leases that were given back. */
  changes: `${ROOT}:changes`,
  /** Prefix of BullMQ's keys; the hash tag is what BullMQ needs on a cluster. */
  queuePrefix: `{${ROOT}:queue}`,
};
