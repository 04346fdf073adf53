// What the server answers, as far as the page shows it. The server's own schemas are in shared/src/contract.

export interface Text {
  readonly en: string;
  readonly zh: string;
}

export type Phase = 'missing' | 'fresh' | 'due' | 'dead' | 'expired';

interface BudgetUse {
  readonly budget: 'fetches' | 'forced';
  readonly used: number;
  readonly limit: number;
  readonly almostUsedUp: boolean;
}

interface Fault {
  readonly kind: string;
  readonly errcode?: number;
  readonly errmsg: string;
  readonly at: string;
  readonly retryAt: string;
  readonly failures: number;
  readonly hint?: Text;
}

export interface App {
  readonly appId: string;
  readonly name?: string;
  readonly source: 'file' | 'api';
  readonly mode: 'stable' | 'classic' | 'external';
  readonly paused: boolean;
  readonly secretFingerprint: string | null;
  readonly policy: Readonly<Record<string, number>>;
  readonly phase: Phase;
  readonly version: number | null;
  readonly fingerprint: string | null;
  readonly ageSeconds: number | null;
  readonly expiresAt: string | null;
  readonly nextRefreshAt: string | null;
  readonly budgets: readonly BudgetUse[];
  readonly lastFault: Fault | null;
  readonly tickets: readonly { readonly type: string; readonly phase: Phase; readonly expiresAt: string }[];
  readonly conflict: { readonly times: readonly string[]; readonly advice: Text } | null;
}

export interface HistoryEntry {
  readonly id: string;
  readonly at: string;
  readonly what: 'refresh' | 'push' | 'report';
  readonly outcome: string;
  readonly reason?: string;
  readonly forced?: boolean;
  readonly client?: string;
  readonly errcode?: number;
  readonly errmsg?: string;
  readonly fingerprintBefore?: string;
  readonly fingerprintAfter?: string;
  readonly tookMs: number;
}

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly apps: readonly string[];
  readonly scopes: readonly string[];
  readonly source: 'file' | 'api';
  readonly createdAt: string | null;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly keys: readonly {
    readonly id: string;
    readonly createdAt: string | null;
    readonly lastUsedAt: string | null;
  }[];
}

export interface Server {
  readonly id: string;
  readonly version: string;
  readonly url: string | null;
  readonly startedAt: string;
  readonly seenAt: string;
  readonly isThisServer: boolean;
  readonly masterKeyIds: readonly string[];
}

export interface Finding {
  readonly id: string;
  readonly level: 'ok' | 'warning' | 'bad';
  readonly title: Text;
  readonly what: Text;
  readonly why: Text;
  readonly todo: Text | null;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly client: string;
  readonly address: string;
  readonly action: string;
  readonly target: string;
  readonly before?: object;
  readonly after?: object;
}

export interface Session {
  readonly client: string;
  readonly apps: readonly string[];
  readonly version: string;
}
