import type { PlatformReply } from '../platform/platform-request.js';
import { requireToken } from '../platform/require-token.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { allApis } from './all-apis.js';
import { type ApiCall, OK } from './api.js';
import type { Lesson } from './lesson.js';

/**
 * Answers a call as the platform does.
 *
 * Ordered checks: path (40066), method (43001, 43002), access token (41001, 40001, 42001), then the API's own. A path
 * that is not known here, called with a token, is taken for an API of WeChat's that always succeeds.
 * @param lesson what a test has taught for this path
 * @throws {WechatFault} for what the platform answers with an errcode
 */
export function answerCall(call: ApiCall, lesson?: Lesson): PlatformReply {
  const { platform, request, nowMs } = call;
  const api = allApis.get(request.path);
  const { access_token: token } = request.query;
  if (lesson !== undefined || (api === undefined && token !== undefined)) {
    if (lesson?.needsToken !== false) requireToken(platform, token, nowMs);
    return { json: lesson?.answer ?? OK };
  }
  if (!api) throw new WechatFault(40066);
  if (!api.methods.some((method) => method === request.method)) {
    throw new WechatFault(api.methods[0] === 'GET' ? 43001 : 43002);
  }
  if (api.auth === 'none') return api.answer(call);
  return api.answer({ ...call, app: requireToken(platform, token, nowMs) });
}
