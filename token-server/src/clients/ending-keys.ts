const DAY_MS = 86_400_000;

/** So many days before the end of a client's keys people are alerted, each time anew; and once more when it has come. */
const WARN_DAYS_BEFORE = [14, 3, 1] as const;

const KEY_WARNING_MS = WARN_DAYS_BEFORE[0] * DAY_MS;

/** A client key that may end. */
export interface EndingKey {
  readonly client: string;
  /** Undefined: it never ends. */
  readonly expiresAtMs?: number | undefined;
}

/** A client whose keys end soon, or have ended. */
export interface EndingClient {
  readonly client: string;
  readonly expiresAtMs: number;
  /** The last of the days above that has come; 0 when the keys have ended. */
  readonly step: (typeof WARN_DAYS_BEFORE)[number] | 0;
}

/** When the keys of each client end, in ms since 1970: the first of them. Clients whose keys never end are left out. */
export function endsOf(keys: readonly EndingKey[]): Map<string, number> {
  const ends = new Map<string, number>();
  for (const { client, expiresAtMs } of keys)
    if (expiresAtMs !== undefined) ends.set(client, Math.min(expiresAtMs, ends.get(client) ?? expiresAtMs));
  return ends;
}

export function endingClients(keys: readonly EndingKey[], nowMs: number): EndingClient[] {
  return [...endsOf(keys)].flatMap(([client, expiresAtMs]) => {
    const leftMs = expiresAtMs - nowMs;
    if (leftMs > KEY_WARNING_MS) return [];
    const step = leftMs <= 0 ? 0 : (WARN_DAYS_BEFORE.findLast((days) => leftMs <= days * DAY_MS) ?? 14);
    return [{ client, expiresAtMs, step }];
  });
}

/** The sentence of the log. */
export function endingText({ client, expiresAtMs, step }: EndingClient): string {
  const verb = step === 0 ? 'have ended' : 'end';
  const at = new Date(expiresAtMs).toISOString();
  return `the keys of the client ${client} ${verb} at ${at}; prolong them with: zhongkong clients set '${client}' --expires 90d`;
}
