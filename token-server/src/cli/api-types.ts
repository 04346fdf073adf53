import type { AppStatus, historyEntry } from '@zhongkong/shared/contract';
import type { z } from 'zod';

export type HistoryEntry = z.infer<typeof historyEntry>;

/** An app as operators see it. */
export type App = AppStatus;

export interface AppPage {
  readonly apps: readonly App[];
  /** What to give as `after`; null on the last page. */
  readonly next?: string | null;
}

export interface ClientKey {
  readonly id: string;
  readonly createdAt: string | null;
  readonly lastUsedAt: string | null;
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
  readonly keys: readonly ClientKey[];
}

export interface ClientPage {
  readonly clients: readonly Client[];
  readonly next: string | null;
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly client: string;
  readonly clientId: string;
  readonly address: string;
  readonly requestId?: string;
  readonly action: string;
  readonly target: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface ServerEntry {
  readonly id: string;
  readonly version: string;
  readonly url: string | null;
  readonly startedAt: string;
  readonly seenAt: string;
  readonly isThisServer: boolean;
  readonly masterKeyIds: readonly string[];
}

interface Difference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export interface ReloadAnswer {
  readonly apps: Difference;
  readonly clients: Difference;
  readonly logLevel?: string;
  readonly restartNeeded: readonly string[];
}

export interface ResealAnswer {
  readonly resealed: number;
  readonly alreadyNew: number;
  readonly unreadable: number;
}

export interface ManualRefreshAnswer {
  readonly appId: string;
  readonly version: number;
  readonly expiresIn: number;
  readonly refreshed: boolean;
  readonly reason?: string;
  readonly budgets?: App['budgets'];
}
