import { type ClientEvent, initWeixin, type Weixin } from '@zhongkong/client-sdk';
import { cleanUp } from './clean-up.js';
import { API_KEY, APP } from './fixtures.js';

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
    onEvent: (event) => events.push(event),
  });
  cleanUp(() => weixin.close());
  return { weixin, events };
}
