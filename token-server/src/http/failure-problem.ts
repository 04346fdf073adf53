import type { Credential } from '@zhongkong/jobs';
import { hintFor } from '@zhongkong/shared';
import { HttpProblem } from './http-problem.js';

/** The answer for someone who needs a token or ticket that could not be fetched. */
export function failureProblem(
  credential: Pick<Credential, 'state' | 'retryAtMs'>,
  nowMs: number,
): HttpProblem {
  const { failure } = credential.state();
  if (failure === null) {
    const detail =
      'There is no living token of this app yet. In external mode somebody has to push one; else it is on its way.';
    return new HttpProblem('token_unavailable', { detail, retryAfterSeconds: 1 });
  }
  const { kind, errcode, errmsg } = failure;
  const retryAfterSeconds = ((credential.retryAtMs() ?? nowMs) - nowMs) / 1000;
  if (errcode === undefined) {
    const code = kind === 'transient' ? 'upstream_unavailable' : 'token_unavailable';
    return new HttpProblem(code, { detail: `No token could be fetched: ${errmsg}.`, retryAfterSeconds });
  }
  const code = kind === 'transient' || kind === 'throttled' ? 'upstream_unavailable' : 'upstream_rejected';
  const detail = hintFor(errcode, errmsg)?.en ?? `WeChat answered ${errcode}.`;
  return new HttpProblem(code, { detail, errcode, errmsg, retryAfterSeconds });
}
