import type { App } from './app.js';
import type { Platform } from './platform.js';
import { WechatFault } from './wechat-fault.js';

/** What an app brings to the APIs that take its secret. */
export interface AppCredentials {
  appId: string;
  secret: string;
  /** As sent; undefined where the API has no grant type. */
  grantType?: { sent: string; expected: string };
  callerAddress: string;
}

/**
 * Finds the app and makes sure that it is the one who calls.
 *
 * Ordered checks: app id there (41002) and known (40013), grant type (40002), secret there (41004), address on the
 * whitelist (40164), secret not frozen (40243) and right (40125). It is known that the platform looks at the app id
 * before the grant type; the rest of the order is ours.
 * @see https://developers.weixin.qq.com/doc/oplatform/developers/dev/api
 */
export function authenticateApp(platform: Platform, credentials: AppCredentials): App {
  const { appId, secret, grantType, callerAddress } = credentials;
  if (appId === '') throw new WechatFault(41002);
  const app = platform.apps.get(appId);
  if (!app) throw new WechatFault(40013);
  if (grantType && grantType.sent !== grantType.expected) throw new WechatFault(40002);
  if (secret === '') throw new WechatFault(41004);
  if (app.config.whitelist && !app.config.whitelist.includes(callerAddress)) {
    throw new WechatFault(
      40164,
      `invalid ip ${callerAddress} ipv6 ${asIpv6(callerAddress)}, not in whitelist`,
    );
  }
  if (app.config.frozen) throw new WechatFault(40243);
  if (secret !== app.config.secret) throw new WechatFault(40125);
  return app;
}

function asIpv6(address: string): string {
  return address.includes(':') ? address : `::ffff:${address}`;
}
