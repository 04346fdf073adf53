import { fingerprint } from '@zhongkong/shared';
import type { CredentialId } from '../core/credential.js';
import type { CredentialRecord } from '../core/keeper-state.js';
import type { CredentialStore } from '../redis/credential-store.js';
import type { Report, ReportAnswer, StaleName } from './credential.js';
import type { CredentialMemory } from './credential-memory.js';
import type { EngineObserver } from './observer.js';
import type { Refresher } from './refresher.js';

export interface ReportTools {
  readonly store: CredentialStore;
  readonly memory: CredentialMemory;
  readonly observer: EngineObserver;
}

/**
 * The passive refresh: compares the named token with the current one, and has the keeper look at it only when it
 * is the current one. A name that this server does not know may be newer than its memory, so it asks the store
 * before it says so. Rejects while the store is away and the comparison alone cannot answer.
 */
export async function reportStale(
  tools: ReportTools,
  keeping: Reportable,
  report: Report,
): Promise<ReportAnswer> {
  const startedAt = performance.now();
  const { record } = tools.memory.get(keeping.id);
  let answer: ReportAnswer | undefined;
  try {
    answer = await answerReport(tools, keeping, report);
    return answer;
  } finally {
    const before = record === null ? undefined : fingerprint(record.value);
    const tookMs = performance.now() - startedAt;
    const { client, errcode } = report;
    tools.observer.reported({ id: keeping.id, client, errcode, fingerprint: before, answer, tookMs });
  }
}

export interface Reportable {
  readonly id: CredentialId;
  readonly refresher: Refresher;
}

async function answerReport(
  { store, memory }: ReportTools,
  { id, refresher }: Reportable,
  { client, stale, isHint = false }: Report,
): Promise<ReportAnswer> {
  if (!isCurrent(stale, memory.get(id).record)) {
    if (isOlder(stale, memory.get(id).record)) return superseded(memory.get(id).record);
    memory.apply(id, await store.load(id));
    if (!isCurrent(stale, memory.get(id).record)) return superseded(memory.get(id).record);
  }
  const versionBefore = memory.get(id).record?.version ?? 0;
  const verdict = await refresher.report({ version: versionBefore, isHint, client });
  const { record } = memory.get(id);
  const isNew = (record?.version ?? 0) > versionBefore;
  return { verdict: isNew && verdict.is === 'superseded' ? { is: 'refreshed' } : verdict, record };
}

/** Without any token there is nothing to compare with, and every report asks for the first one. */
function isCurrent(stale: StaleName, record: CredentialRecord | null): boolean {
  if (record === null) return true;
  return 'version' in stale ? stale.version === record.version : stale.value === record.value;
}

function isOlder(stale: StaleName, record: CredentialRecord | null): boolean {
  return record !== null && 'version' in stale && stale.version < record.version;
}

function superseded(record: CredentialRecord | null): ReportAnswer {
  return { verdict: { is: 'superseded' }, record };
}
