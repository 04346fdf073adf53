import type { CredentialRecord, RefreshEngine, ReportResult, StaleName } from '@zhongkong/jobs';
import { type Clock, isLive } from '@zhongkong/shared';
import { type RefreshAnswer, type RefreshRequest, refreshRequest } from '@zhongkong/shared/contract';
import type { RequestHandler } from 'express';
import { accessTokenAnswer } from './access-token-answer.js';
import { clientOf } from './authenticate.js';
import { engineProblem } from './engine-problem.js';
import { failureProblem } from './failure-problem.js';
import { HttpProblem } from './http-problem.js';
import { parseInput } from './parse-input.js';

/** `POST /v1/apps/{appId}/access-token/refresh`: the passive refresh. */
export function postRefresh(engine: RefreshEngine, clock: Clock): RequestHandler<{ appId: string }> {
  return async (request, response) => {
    const { appId } = request.params;
    const body = parseInput(refreshRequest, request.body, 'body');
    const reporter = { client: clientOf(response).name, errcode: body.errcode };
    const result = await engine.report(appId, staleNameOf(body), reporter).catch(engineProblem);
    const record = usableRecord(result, clock.nowMs());
    response.set('cache-control', 'no-store');
    if (result.verdict.is === 'cooldown') {
      response.set('retry-after', String(Math.ceil((result.verdict.untilMs - clock.nowMs()) / 1000)));
    }
    const answer = { ...accessTokenAnswer(appId, record, clock.nowMs()), ...outcomeOf(result) };
    response.json(answer satisfies RefreshAnswer);
  };
}

function staleNameOf(body: RefreshRequest): StaleName {
  return body.staleToken === undefined ? { version: body.staleVersion ?? 0 } : { value: body.staleToken };
}

function outcomeOf({ verdict, refreshed }: ReportResult): Pick<RefreshAnswer, 'refreshed' | 'reason'> {
  if (refreshed) return { refreshed };
  switch (verdict.is) {
    case 'still-valid':
      return { refreshed, reason: 'token_still_valid' };
    case 'cooldown':
      return { refreshed, reason: 'cooldown' };
    default:
      return { refreshed, reason: 'superseded' };
  }
}

/** @throws HttpProblem when the report ended without a token that is worth a try */
function usableRecord({ verdict, record }: ReportResult, nowMs: number): CredentialRecord {
  if (verdict.is === 'failed') throw failureProblem(verdict.failure, nowMs);
  if (verdict.is === 'unverifiable') {
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
  if (record === null || !isLive(record, nowMs)) throw failureProblem(null, nowMs);
  return record;
}
