import type { RefreshEngine } from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import type { RequestHandler } from 'express';
import { accessTokenAnswer } from './access-token-answer.js';
import { failureProblem } from './failure-problem.js';
import { tokenOf } from './find-credential.js';
import { matchesEtag } from './matches-etag.js';

/** How long a read waits for the first token of an app; with a living one in memory it waits for nothing. */
const READ_PATIENCE_MS = 3_000;

/** `GET /v1/apps/{appId}/access-token` */
export function getAccessToken(engine: RefreshEngine, clock: Clock): RequestHandler<{ appId: string }> {
  return async (request, response) => {
    const { appId } = request.params;
    const credential = tokenOf(engine, appId);
    const record = await credential.awaitLive(READ_PATIENCE_MS);
    if (record === null) throw failureProblem(credential, clock.nowMs());
    const etag = `"${record.version}"`;
    response.set({ 'cache-control': 'no-store', etag });
    if (matchesEtag(request.get('if-none-match'), etag)) response.status(304).end();
    else response.json(accessTokenAnswer(appId, record, clock.nowMs()));
  };
}
