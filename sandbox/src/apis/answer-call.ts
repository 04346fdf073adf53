import type { PlatformReply } from '../platform/platform-request.js';
import { requireToken } from '../platform/require-token.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { allApis } from './all-apis.js';
import type { ApiCall } from './api.js';

/**
 * Answers a call as the platform does.
 *
 * Ordered checks: path (40066), method (43001, 43002), access token (41001, 40001, 42001), then the API's own.
 * @throws {WechatFault} for what the platform answers with an errcode
 */
export function answerCall(call: ApiCall): PlatformReply {
  const { platform, request, nowMs } = call;
  const api = allApis.get(request.path);
  if (!api) throw new WechatFault(40066);
  if (!api.methods.some((method) => method === request.method)) {
    throw new WechatFault(api.methods[0] === 'GET' ? 43001 : 43002);
  }
  if (api.auth === 'none') return api.answer(call);
  return api.answer({ ...call, app: requireToken(platform, request.query.access_token, nowMs) });
}
