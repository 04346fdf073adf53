import type { CredentialId } from '../keeper/state.js';

/**
 * Every Redis key and channel that is ours. The hash tag keeps one credential's keys in one cluster slot.
 * @param prefix the first part of each; installations with different prefixes share nothing
 * @param database the number of the Redis database. Channels are the same in all databases, so it is part of theirs
 */
export function createKeys(prefix: string, database: number) {
  const registry = `{${prefix}:registry}`;
  const of = (part: string) => (id: CredentialId) => `${prefix}:{${id.appId}}:${id.kind}:${part}`;
  return {
    /** Hash: `state` (sealed) and `holder` (who took the lease last). */
    data: of('data'),
    /** String with a time to live: the lease. */
    lease: of('lease'),
    /** Stream: every fetch, the newest last. */
    refreshes: of('refreshes'),
    /** Stream: every report; apart from the fetches, so that a storm of reports cannot push those out. */
    reports: of('reports'),
    /** String: proves that the master key is the one that sealed what is here. */
    masterKeyCheck: `${prefix}:master-key-check`,
    /** String: in which format this installation is stored. */
    format: `${prefix}:format`,
    /** Hashes, id → sealed entry: apps and clients that were made through the API. */
    registry: { apps: `${registry}:apps`, clients: `${registry}:clients` },
    /** Stream: every change of the registry; its last id is the registry's version. */
    registryChanges: `${registry}:changes`,
    /** Stream: who changed what. */
    audit: `${registry}:audit`,
    /** Hash, id of a client key → when it was used last, in ms since 1970. */
    lastUsed: `${registry}:last-used`,
    /** Sorted set: apps of configuration files, by when a server named them last. */
    fileApps: `${registry}:file-apps`,
    /** Hash: alerts that were announced. */
    alerts: `${registry}:alerts`,
    /** String with a time to live: the log has warned today of the end of this client's keys. @param id SHA-256 of its name */
    warned: (id: string) => `${prefix}:warned:${id}`,
    /** Channel: states that were committed, and leases that were given back. */
    changes: `${prefix}:${database}:changes`,
    /** Prefix of BullMQ's keys; the hash tag is what BullMQ needs on a cluster. */
    queuePrefix: `{${prefix}:queue}`,
  };
}

export type Keys = ReturnType<typeof createKeys>;
