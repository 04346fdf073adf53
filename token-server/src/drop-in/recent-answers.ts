/** Whoever comes back for the same token within this time has no use for it. */
const SOON_MS = 5_000;
const ENTRIES_MAX = 10_000;

/** Remembers for a moment who was given which token. */
export interface RecentAnswers {
  /** Notes that a caller is given this version. */
  note(caller: string, version: number, nowMs: number): void;
  /** The version that this caller was given a moment ago. */
  recent(caller: string, nowMs: number): number | undefined;
}

export function createRecentAnswers(): RecentAnswers {
  // In the order in which they were given, so that the oldest is forgotten first.
  const answers = new Map<string, { version: number; atMs: number }>();
  return {
    note(caller, version, nowMs) {
      answers.delete(caller);
      answers.set(caller, { version, atMs: nowMs });
      for (const [oldest, { atMs }] of answers) {
        if (answers.size <= ENTRIES_MAX && nowMs - atMs <= SOON_MS) break;
        answers.delete(oldest);
      }
    },
    recent(caller, nowMs) {
      const answer = answers.get(caller);
      return answer !== undefined && nowMs - answer.atMs <= SOON_MS ? answer.version : undefined;
    },
  };
}
