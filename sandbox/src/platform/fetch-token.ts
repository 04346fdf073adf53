import type { App } from './app.js';
import type { Platform } from './platform.js';
import { isRenewalDue } from './token-pool.js';
import type { TokenEndpoint, TokenRecord } from './token-record.js';
import { WechatFault } from './wechat-fault.js';

/** What an app asks a token endpoint for, once it has proved who it is. */
export interface TokenOrder {
  endpoint: TokenEndpoint;
  /** stable_token only. */
  forceRefresh: boolean;
}

/** @throws 45009 over the day's quota, 45011 over the minute's */
export function fetchToken(platform: Platform, app: App, order: TokenOrder, nowMs: number): TokenRecord {
  return order.endpoint === 'token'
    ? fetchClassicToken(platform, app, nowMs)
    : fetchStableToken(platform, app, order.forceRefresh, nowMs);
}

/**
 * Every call issues a token and starts the end of the one before.
 * @see https://developers.weixin.qq.com/doc/service/en/api/base/api_getaccesstoken
 */
function fetchClassicToken(platform: Platform, app: App, nowMs: number): TokenRecord {
  if (!app.usage.take('/cgi-bin/token', 'day', platform.limits.tokenPerDay, nowMs)) {
    throw new WechatFault(45009);
  }
  return platform.issue(app, 'token', nowMs);
}

/**
 * Normal calls get the current token until its last five minutes. A forced call gets a new one, but not within 30 s
 * of the last forced one, and 20 times a day at most.
 * @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken
 */
function fetchStableToken(platform: Platform, app: App, forceRefresh: boolean, nowMs: number): TokenRecord {
  const { limits } = platform;
  if (!app.usage.take('/cgi-bin/stable_token', 'day', limits.stablePerDay, nowMs)) {
    throw new WechatFault(45009);
  }
  if (!app.usage.take('/cgi-bin/stable_token', 'minute', limits.stablePerMinute, nowMs)) {
    throw new WechatFault(45011);
  }
  const sinceForceMs = nowMs - (app.lastForceAtMs ?? Number.NEGATIVE_INFINITY);
  if (forceRefresh && sinceForceMs >= limits.forceSpacingSeconds * 1000) {
    if (!app.usage.take('force_refresh', 'day', limits.forcePerDay, nowMs)) throw new WechatFault(45009);
    app.lastForceAtMs = nowMs;
    platform.count(app, (counters) => (counters.forced += 1));
    return platform.issue(app, 'stable_token', nowMs);
  }
  const { current } = app.pools.stable_token;
  return current && !isRenewalDue(app.pools.stable_token, nowMs)
    ? current
    : platform.issue(app, 'stable_token', nowMs);
}
