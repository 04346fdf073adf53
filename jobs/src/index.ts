export { restoredEntry } from './backup/restored-entry.js';
export {
  eraseStored,
  holdsNothing,
  readStored,
  type StoredEntry,
  storedEntry,
  writeStored,
} from './backup/stored-entries.js';
export type { Credential, Report } from './engine/credential.js';
export { createRefreshEngine, type RefreshEngine } from './engine/engine.js';
export type { Log } from './engine/event-log.js';
export { type EngineObserver, observeAll, outcomeOf } from './engine/events.js';
export type { HistoryEntry } from './engine/history.js';
export type { PushedValue } from './engine/session.js';
export { noTracer, type SpanFacts, type Tracer } from './engine/tracer.js';
export { budgetsOf } from './keeper/budget.js';
export type { ReportAnswer, ReportVerdict, StaleName } from './keeper/event.js';
export { defaultPolicy, type FetchMode, type RefreshPolicy } from './keeper/policy.js';
export {
  type CredentialKind,
  type CredentialRecord,
  emptyState,
  type Failure,
  type KeeperState,
  TICKET_TYPES,
  type TicketType,
} from './keeper/state.js';
export { conflictTimes, dueAtMs, type Phase, phaseOf } from './keeper/view.js';
export type { RedisClient, RedisConnections } from './redis/connections.js';
export { createCredentialStore, storeUnavailable } from './redis/credential-store.js';
export { claimFormat, DATA_FORMAT, isNewerData } from './redis/data-format.js';
export { createKeys, type Keys } from './redis/keys.js';
export { activateMasterKey, fitsStoredData, storedSealingKey } from './redis/master-key-check.js';
export { createRedisClock } from './redis/redis-clock.js';
export {
  createRegistryStore,
  REGISTRY_TABLES,
  type RegistryChange,
  type RegistryEntry,
  type RegistryStore,
  type RegistryTable,
} from './redis/registry-store.js';
export { type ResealCounts, resealAll, type SealedSurvey, surveySealed } from './redis/reseal.js';
export { createSealer, type KeyRing, keyCheck, keyIdOf, type Sealer } from './redis/sealer.js';
export { createWechatClient, type WechatAnswer, type WechatClient } from './wechat/client.js';
export { noAnswerInChinese } from './wechat/no-answer-in-chinese.js';
export { reachWechat, type WechatReach } from './wechat/reach.js';
export type { AppSettings } from './wechat/source.js';
