import { initWeixin, type Weixin, type WeixinOptions } from '@zhongkong/client-sdk';
import type { Sandbox, SandboxOptions } from '@zhongkong/sandbox';
import { cleanUp } from '../../helpers/clean-up.js';
import { APP, startPlatform } from '../../helpers/fixtures.js';
import { type SentRequest, startWire, type Wire } from '../../helpers/wire.js';

/** A user of the app. */
export const OPENID = 'o6zAJs1234567890123456789012';
export interface Opened {
  readonly platform: Sandbox;
  readonly wire: Wire;
  readonly weixin: Weixin;
}

/** The SDK straight at the platform, which is the shortest way to each of its APIs; every byte of it is seen. */
export async function openBySecret(
  options: Partial<WeixinOptions> = {},
  sandbox: SandboxOptions = {},
): Promise<Opened> {
  const platform = await startPlatform(sandbox);
  const wire = await startWire(platform.url);
  const weixin = initWeixin({ ...APP, baseUrl: wire.url, ...options });
  cleanUp(() => weixin.close());
  return { platform, wire, weixin };
}

/** What was sent to the path, without what a token cost. */
export function sentTo({ wire }: Opened, path: string): SentRequest[] {
  return wire.sent.filter((request) => request.path === path);
}
