import type { App } from './app.js';
import type { Platform } from './platform.js';
import { WechatFault } from './wechat-fault.js';

/**
 * The app whose token this is. APIs take the token from the query only, and look at it before the body.
 * @throws 41001 without a token, 40001 unknown or superseded, 42001 aged out
 */
export function requireToken(platform: Platform, accessToken: string | undefined, nowMs: number): App {
  if (!accessToken) throw new WechatFault(41001);
  const record = platform.findToken(accessToken);
  const app = record && platform.apps.get(record.appId);
  platform.count(app, (counters) => (counters.verifications += 1));
  const verdict = platform.checkToken(accessToken, nowMs);
  if (verdict !== 0 || !app) throw new WechatFault(verdict || 40001);
  return app;
}
