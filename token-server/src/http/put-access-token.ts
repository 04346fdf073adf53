import type { RefreshEngine } from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import { type AccessTokenAnswer, pushRequest } from '@zhongkong/shared/contract';
import type { RequestHandler } from 'express';
import { accessTokenAnswer } from './access-token-answer.js';
import { clientOf } from './authenticate.js';
import { engineProblem } from './engine-problem.js';
import { tokenOf } from './find-credential.js';
import { HttpProblem } from './http-problem.js';
import { parseInput } from './parse-input.js';

/** `PUT /v1/apps/{appId}/access-token`: another system hands over a token that it fetched. */
export function putAccessToken(engine: RefreshEngine, clock: Clock): RequestHandler<{ appId: string }> {
  return async (request, response) => {
    const { appId } = request.params;
    const { accessToken, expiresIn } = parseInput(pushRequest, request.body, 'body');
    const credential = tokenOf(engine, appId);
    if (credential.policy.mode !== 'external') {
      const detail = `This server fetches the tokens of ${appId} itself. To push them in, set its mode to "external".`;
      throw new HttpProblem('conflict', { detail });
    }
    const pushed = { value: accessToken, expiresInMs: expiresIn * 1000, client: clientOf(response).name };
    const record = await credential.push(pushed).catch(engineProblem);
    response.set({ 'cache-control': 'no-store', etag: `"${record.version}"` });
    response.json(accessTokenAnswer(appId, record, clock.nowMs()) satisfies AccessTokenAnswer);
  };
}
