import {
  budgetsOf,
  type Credential,
  conflictTimes,
  dueAtMs,
  type Failure,
  phaseOf,
  TICKET_TYPES,
  type TicketType,
} from '@zhongkong/jobs';
import { fingerprint, type Hint, hintFor } from '@zhongkong/shared';
import type { AppStatus } from '@zhongkong/shared/contract';
import { policyInSeconds } from '../config/to-policy.js';
import type { App } from '../tokens/find-app.js';

const CONFLICT_ADVICE: Hint = {
  en: 'Somebody else fetches tokens of this app. Give that program a client key of this server, or use stable mode in both.',
  zh: '有其他程序也在获取该 appid 的 token。请让它使用本服务的客户端 key，或双方都改用 stable 模式。',
};

/** The status of an app for operators, from what this server has in memory. */
export function toAppStatus({ settings, token, tickets }: App, nowMs: number): AppStatus {
  const state = token.state();
  const { record } = state;
  const dropInExpiresIn = settings.dropInExpiresInSeconds;
  const times = conflictTimes(state, nowMs);
  return {
    appId: settings.appId,
    ...(settings.name === undefined ? {} : { name: settings.name }),
    source: settings.source,
    mode: settings.policy.mode,
    paused: settings.policy.isPaused,
    secretFingerprint: settings.secret === null ? null : fingerprint(settings.secret),
    policy: {
      ...policyInSeconds(settings.policy),
      ...(dropInExpiresIn === undefined ? {} : { dropInExpiresIn }),
    },
    createdAt: isoOrNull(settings.createdAtMs),
    updatedAt: isoOrNull(settings.updatedAtMs),
    phase: phaseOf(state, nowMs),
    version: record?.version ?? null,
    fingerprint: record === null ? null : fingerprint(record.value),
    ageSeconds: record === null ? null : Math.max(0, Math.floor((nowMs - record.obtainedAtMs) / 1000)),
    expiresAt: record === null ? null : iso(record.expiresAtMs),
    nextRefreshAt: dueAtMs(state, nowMs) === 0 ? null : iso(dueAtMs(state, nowMs)),
    budgets: budgetsOf(state.usage, settings.policy, nowMs),
    lastFault: state.failure === null ? null : lastFault(state.failure, token.retryAtMs() ?? nowMs),
    tickets: TICKET_TYPES.flatMap((type) => ticketStatus(type, tickets[type], nowMs)),
    conflict: times.length === 0 ? null : { times: times.map(iso), advice: CONFLICT_ADVICE },
  };
}

function ticketStatus(type: TicketType, ticket: Credential, nowMs: number): AppStatus['tickets'] {
  const state = ticket.state();
  const { record, failure } = state;
  if (record === null) return [];
  return [
    {
      type,
      phase: phaseOf(state, nowMs),
      version: record.version,
      fingerprint: fingerprint(record.value),
      expiresAt: iso(record.expiresAtMs),
      nextRefreshAt: dueAtMs(state, nowMs) === 0 ? null : iso(dueAtMs(state, nowMs)),
      lastFault: failure === null ? null : lastFault(failure, ticket?.retryAtMs() ?? nowMs),
    },
  ];
}

function lastFault(
  { kind, errcode, errmsg, atMs, count }: Failure,
  retryAtMs: number,
): AppStatus['lastFault'] {
  const hint = errcode === undefined ? undefined : hintFor(errcode, errmsg);
  return {
    kind,
    ...(errcode === undefined ? {} : { errcode }),
    errmsg,
    at: iso(atMs),
    retryAt: iso(retryAtMs),
    failures: count,
    ...(hint === undefined ? {} : { hint }),
  };
}

function isoOrNull(atMs: number | undefined): string | null {
  return atMs === undefined ? null : iso(atMs);
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
