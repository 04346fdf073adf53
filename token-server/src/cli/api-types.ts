import type {
  AppStatus,
  AuditEntry,
  appStatusList,
  budgetUses,
  clientList,
  historyEntry,
  newClient,
  newKey,
  RefreshAnswer,
  RegisteredClient,
  ReloadAnswer,
} from '@zhongkong/shared/contract';
import type { z } from 'zod';

export type App = AppStatus;
export type AppPage = z.infer<typeof appStatusList>;
export type HistoryEntry = z.infer<typeof historyEntry>;
export type Client = RegisteredClient;

export type ClientPage = z.infer<typeof clientList>;
export type NewClient = z.infer<typeof newClient>;
export type NewKey = z.infer<typeof newKey>;
export type ManualRefreshAnswer = RefreshAnswer & { readonly budgets: z.infer<typeof budgetUses> };
export type { AuditEntry, ReloadAnswer };

export interface ServerEntry {
  readonly id: string;
  readonly version: string;
  readonly url: string | null;
  readonly startedAt: string;
  readonly seenAt: string;
  readonly isThisServer: boolean;
  readonly masterKeyIds: readonly string[];
}

export interface ResealAnswer {
  readonly resealed: number;
  readonly alreadyNew: number;
  readonly unreadable: number;
}
