import type { App } from './app.js';
import { textField } from './json-body.js';
import type { Platform } from './platform.js';
import type { PlatformRequest } from './platform-request.js';

/** Whose call this is, by its token, living or dead, or by the app id in query or body. Proves nothing. */
export function identifyApp(platform: Platform, { query, json }: PlatformRequest): App | undefined {
  const record = platform.findToken(query.access_token ?? '');
  return platform.apps.get(record?.appId ?? query.appid ?? textField(json ?? {}, 'appid'));
}
