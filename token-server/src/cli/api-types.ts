import type {
  AppStatus,
  AuditEntry,
  appStatusList,
  budgetUses,
  clientList,
  DoctorAnswer,
  DoctorFinding,
  historyEntry,
  newClient,
  newKey,
  RefreshAnswer,
  RegisteredClient,
  ReloadAnswer,
  rotationAnswer,
  ServersAnswer,
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
export type { AuditEntry, DoctorAnswer, DoctorFinding, ReloadAnswer };

export type ServerEntry = ServersAnswer['servers'][number];
export type RotationAnswer = z.infer<typeof rotationAnswer>;
