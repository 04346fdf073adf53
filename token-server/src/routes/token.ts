import { budgetsOf, type ReportAnswer } from '@zhongkong/jobs';
import { fingerprint } from '@zhongkong/shared';
import {
  accessTokenAnswer,
  budgetUses,
  pushRequest,
  type RefreshAnswer,
  refreshAnswer,
  refreshRequest,
  rotateRequest,
  toAccessTokenAnswer,
} from '@zhongkong/shared/contract';
import type { AppConfig } from '../config/config.js';
import { ETAG, ifNoneMatch, notModified } from '../http/etag.js';
import { HttpProblem } from '../http/problem.js';
import { liveRecordOf, recordAfterReport } from '../tokens/live-record.js';
import { actorOf } from './actor.js';
import { defineRoute } from './services.js';

/** How long a read waits for the first token of an app; a living token in memory is returned at once. */
const READ_TIMEOUT_MS = 3_000;

export const getAccessToken = defineRoute({
  id: 'getAccessToken',
  method: 'get',
  path: '/v1/apps/{appId}/access-token',
  group: 'Access tokens',
  summary: 'The current access token',
  description:
    'Answered from memory, without a call of WeChat. Lives are counted from now, so that a client with a wrong clock is not harmed. Keep the token for `refreshIn` seconds, then ask again with `If-None-Match`.',
  access: 'token:read',
  headers: ifNoneMatch,
  answers: [
    { status: 200, description: 'The token.', schema: accessTokenAnswer, headers: { ETag: ETAG } },
    notModified,
  ],
  problems: ['upstream_rejected', 'upstream_unavailable', 'token_unavailable'],
  async handle({ clock }, { app }) {
    const record = await liveRecordOf(app.token, READ_TIMEOUT_MS);
    const body = toAccessTokenAnswer(app.settings.appId, record, clock.nowMs());
    return { body, version: record.version };
  },
});

export const reportAccessToken = defineRoute({
  id: 'reportAccessToken',
  method: 'post',
  path: '/v1/apps/{appId}/access-token/refresh',
  group: 'Access tokens',
  summary: 'Passive refresh: report a token as dead, get the one to use now',
  description:
    'Call this when WeChat refused a token with errcode 40001, 40014 or 42001. A token that is no longer current costs nothing; the current one is checked before a new one is fetched. However many callers report it at once, it is fetched once.',
  access: 'token:refresh',
  body: refreshRequest,
  example: { body: { staleVersion: 41, errcode: 40001 } },
  answers: [
    {
      status: 200,
      description: 'The token to use now.',
      schema: refreshAnswer,
      headers: { 'Retry-After': 'With the reason `cooldown`: seconds until the token is checked again.' },
    },
  ],
  problems: [
    'rate_limited',
    'upstream_rejected',
    'upstream_unavailable',
    'store_unavailable',
    'token_unavailable',
  ],
  async handle({ clock }, { app, client, body: { staleToken, staleVersion = 0, errcode } }) {
    const stale = staleToken === undefined ? { version: staleVersion } : { value: staleToken };
    const answer = await app.token.report({ client: client.name, stale, errcode });
    const nowMs = clock.nowMs();
    const record = recordAfterReport(app.token, answer, nowMs);
    return {
      headers: retryAfter(answer, nowMs),
      body: { ...toAccessTokenAnswer(app.settings.appId, record, nowMs), ...outcomeOf(answer) },
    };
  },
});

export const rotateAccessToken = defineRoute({
  id: 'rotateAccessToken',
  method: 'post',
  path: '/v1/apps/{appId}/access-token/rotate',
  group: 'Access tokens',
  summary: 'Fetch a new token because an operator asks for one',
  description:
    'In classic mode each rotation costs one of the fetches of the day and brings a new token. In stable mode WeChat gives back the current token as long as it is good, unless `force` is true, which costs one of the forced refreshes of the day.',
  access: 'admin',
  body: rotateRequest,
  example: { body: { force: true } },
  answers: [
    {
      status: 200,
      description: 'The token to use now, and what is left of the budgets.',
      schema: refreshAnswer.extend({ budgets: budgetUses }),
      headers: { 'Retry-After': 'With the reason `cooldown`: seconds until it is allowed again.' },
    },
  ],
  problems: [
    'conflict',
    'upstream_rejected',
    'upstream_unavailable',
    'store_unavailable',
    'token_unavailable',
  ],
  async handle({ clock, audit }, { app, body: { force }, ...call }) {
    const { appId, policy } = app.settings;
    refuseRotation(app.settings);
    const before = app.token.live();
    const answer = await app.token.rotate(force, call.client.name);
    const nowMs = clock.nowMs();
    const isOverBudget = answer.verdict.is === 'over-budget' && answer.record !== null;
    const record = isOverBudget
      ? await liveRecordOf(app.token, 0)
      : recordAfterReport(app.token, answer, nowMs);
    await audit.note(actorOf(call), {
      action: 'token.rotate',
      target: appId,
      ...(before && { before: { version: before.version, fingerprint: fingerprint(before.value) } }),
      after: { version: record.version, fingerprint: fingerprint(record.value), force },
    });
    const { accessToken, ...facts } = toAccessTokenAnswer(appId, record, nowMs);
    return {
      headers: retryAfter(answer, nowMs),
      body: {
        ...facts,
        ...(call.client.consoleOf === undefined && { accessToken }),
        ...outcomeOf(answer),
        budgets: budgetsOf(app.token.state().usage, policy, nowMs),
      },
    };
  },
});

/** @throws HttpProblem `conflict` */
function refuseRotation({ appId, policy }: AppConfig): void {
  const detail =
    policy.mode === 'external'
      ? {
          en: `Another system fetches the tokens of ${appId} and pushes them.`,
          zh: `应用 ${appId} 的 token 由另一个系统获取并推送。`,
        }
      : policy.isPaused
        ? {
            en: `The app ${appId} is paused: resume it first.`,
            zh: `应用 ${appId} 已暂停：请先恢复。`,
          }
        : undefined;
  if (detail !== undefined) throw new HttpProblem(detail, { code: 'conflict' });
}

export const pushAccessToken = defineRoute({
  id: 'pushAccessToken',
  method: 'put',
  path: '/v1/apps/{appId}/access-token',
  group: 'Access tokens',
  summary: 'Hand over a token that another system fetched',
  description:
    'For apps in the mode `external`: the system that fetches their tokens pushes each one here, and every client gets it.',
  access: 'token:write',
  body: pushRequest,
  example: { body: { accessToken: 'ACCESS_TOKEN', expiresIn: 7200 } },
  answers: [
    {
      status: 200,
      description: 'The token as every client gets it now.',
      schema: accessTokenAnswer,
      headers: { ETag: ETAG },
    },
  ],
  problems: ['conflict', 'rate_limited', 'upstream_unavailable', 'store_unavailable'],
  async handle({ clock }, { app, client, body: { accessToken, expiresIn } }) {
    const { appId, policy } = app.settings;
    if (policy.mode !== 'external') {
      const detail = {
        en: `This server fetches the tokens of ${appId} itself. To push them, set its mode to "external".`,
        zh: `应用 ${appId} 的 token 由本服务器自行获取。如需推送，请把它的模式设为 "external"。`,
      };
      throw new HttpProblem(detail, { code: 'conflict' });
    }
    const pushed = { value: accessToken, expiresInMs: expiresIn * 1000, client: client.name };
    const record = await app.token.push(pushed);
    return { body: toAccessTokenAnswer(appId, record, clock.nowMs()), version: record.version };
  },
});

function outcomeOf({ verdict }: ReportAnswer): Pick<RefreshAnswer, 'refreshed' | 'reason'> {
  switch (verdict.is) {
    case 'refreshed':
      return { refreshed: true };
    case 'still-valid':
      return { refreshed: false, reason: 'token_still_valid' };
    case 'cooldown':
    case 'over-budget':
      return { refreshed: false, reason: 'cooldown' };
    case 'paused':
      return { refreshed: false, reason: 'paused' };
    default:
      return { refreshed: false, reason: 'superseded' };
  }
}

function retryAfter({ verdict }: ReportAnswer, nowMs: number): Record<string, string> {
  if (verdict.is !== 'cooldown' && verdict.is !== 'over-budget') return {};
  return { 'retry-after': String(Math.max(1, Math.ceil((verdict.untilMs - nowMs) / 1000))) };
}
