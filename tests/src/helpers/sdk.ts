import { type ClientEvent, initWeixin, type Weixin } from '@zhongkong/client-sdk';
import { cleanUp } from './clean-up.js';
import { API_KEY, APP } from './fixtures.js';

/** In a storm the platform and all services share one process of a machine that may be busy with something else. */
export const BUSY_MACHINE_TIMEOUT_MS = 60_000;

export interface TestWeixin {
  readonly weixin: Weixin;
  readonly events: ClientEvent[];
}

/** The SDK as a business service uses it; closed after the test. */
export function openWeixin(serverUrl: string, platformUrl: string): TestWeixin {
  const events: ClientEvent[] = [];
  const weixin = initWeixin({
    appId: APP.appId,
    tokenServer: { url: serverUrl, apiKey: API_KEY },
    baseUrl: platformUrl,
    timeoutMs: BUSY_MACHINE_TIMEOUT_MS,
    onEvent: (event) => events.push(event),
  });
  cleanUp(() => weixin.close());
  return { weixin, events };
}
