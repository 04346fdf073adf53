import type { Credential, RefreshEngine, ReportAnswer, StaleName } from '@zhongkong/jobs';
import { type Clock, isLive } from '@zhongkong/shared';
import { type RefreshAnswer, type RefreshRequest, refreshRequest } from '@zhongkong/shared/contract';
import type { RequestHandler } from 'express';
import { accessTokenAnswer } from './access-token-answer.js';
import { clientOf } from './authenticate.js';
import { engineProblem } from './engine-problem.js';
import { failureProblem } from './failure-problem.js';
import { tokenOf } from './find-credential.js';
import { HttpProblem } from './http-problem.js';
import { parseInput } from './parse-input.js';

/** `POST /v1/apps/{appId}/access-token/refresh`: the passive refresh. */
export function postRefresh(engine: RefreshEngine, clock: Clock): RequestHandler<{ appId: string }> {
  return async (request, response) => {
    const { appId } = request.params;
    const body = parseInput(refreshRequest, request.body, 'body');
    const credential = tokenOf(engine, appId);
    const report = { client: clientOf(response).name, stale: staleNameOf(body), errcode: body.errcode };
    const { verdict, record } = await credential.report(report).catch(engineProblem);
    refuseUnusable(verdict, credential, clock.nowMs());
    if (record === null || !isLive(record, clock.nowMs())) throw failureProblem(credential, clock.nowMs());
    response.set('cache-control', 'no-store');
    if (verdict.is === 'cooldown') {
      response.set('retry-after', String(Math.ceil((verdict.untilMs - clock.nowMs()) / 1000)));
    }
    const answer = { ...accessTokenAnswer(appId, record, clock.nowMs()), ...outcomeOf(verdict) };
    response.json(answer satisfies RefreshAnswer);
  };
}

type Verdict = ReportAnswer['verdict'];

function staleNameOf(body: RefreshRequest): StaleName {
  return body.staleToken === undefined ? { version: body.staleVersion ?? 0 } : { value: body.staleToken };
}

function outcomeOf(verdict: Verdict): Pick<RefreshAnswer, 'refreshed' | 'reason'> {
  switch (verdict.is) {
    case 'refreshed':
      return { refreshed: true };
    case 'still-valid':
      return { refreshed: false, reason: 'token_still_valid' };
    case 'cooldown':
      return { refreshed: false, reason: 'cooldown' };
    default:
      return { refreshed: false, reason: 'superseded' };
  }
}

/** @throws HttpProblem when the report ended without a token that is worth a try */
function refuseUnusable(verdict: Verdict, credential: Credential, nowMs: number): void {
  if (verdict.is === 'failed') throw failureProblem(credential, nowMs);
  if (verdict.is === 'uncheckable') {
    const detail = 'WeChat did not answer, so nobody can tell whether the token is dead. Try again soon.';
    const retryAfterSeconds = (verdict.retryAtMs - nowMs) / 1000;
    throw new HttpProblem('upstream_unavailable', { detail, retryAfterSeconds });
  }
  if (verdict.is === 'over-budget') {
    const detail =
      'The token is dead, and what may be fetched today on clients’ word is used up; the rest is kept for the schedule.';
    throw new HttpProblem('token_unavailable', {
      detail,
      retryAfterSeconds: (verdict.untilMs - nowMs) / 1000,
    });
  }
  if (verdict.is === 'awaiting-push') {
    const detail =
      'The token is dead, and the system that pushes the tokens of this app has not pushed a new one yet.';
    throw new HttpProblem('token_unavailable', { detail, retryAfterSeconds: 5 });
  }
}
