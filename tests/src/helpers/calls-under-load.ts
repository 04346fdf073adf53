import { setTimeout as sleep } from 'node:timers/promises';
import { initWeixin } from '@zhongkong/client-sdk';
import { cleanUp } from './clean-up.js';

const PAUSE_MS = 20;
const PATH = '/cgi-bin/getcallbackip';

/** One call of WeChat, by one way of coming to a token. @returns its errcode, 0 when it went well */
export type Call = () => Promise<number>;

export interface Caller {
  /** One address of the servers, or several. */
  readonly server: string | string[];
  readonly platform: string;
  readonly appId: string;
  readonly apiKey: string;
  /** @defaultValue Node's own */
  readonly fetch?: typeof fetch;
}

/** A service that embeds the SDK. */
export function sdkCall({ server, platform, appId, apiKey, fetch: ownFetch }: Caller): Call {
  const weixin = initWeixin({
    appId,
    tokenServer: { url: server, apiKey },
    baseUrl: platform,
    ...(ownFetch && { fetch: ownFetch }),
  });
  cleanUp(() => weixin.close());
  return async () => (await weixin.request({ path: PATH })).errCode ?? 0;
}

/** A service with a foreign SDK: only its token path was moved; it asks for each call, and repeats a call once that fails for the token. */
export function dropInCall({ server, platform, appId, apiKey }: Caller & { readonly server: string }): Call {
  const query = new URLSearchParams({ grant_type: 'client_credential', appid: appId, secret: apiKey });
  const once = async () => {
    const { access_token } = await json(`${server}/cgi-bin/token?${query}`);
    const { errcode } = await json(`${platform}${PATH}?access_token=${access_token}`);
    return Number(errcode ?? 0);
  };
  return async () => {
    const errcode = await once();
    return errcode === 40001 ? once() : errcode;
  };
}

async function json(url: string): Promise<Record<string, unknown>> {
  return (await (await fetch(url)).json()) as Record<string, unknown>;
}

/** Makes these calls again and again, each by itself. */
export function startLoad(calls: readonly Call[]): { calls(): number; stop(): Promise<string[]> } {
  let isOver = false;
  let made = 0;
  const failures: string[] = [];
  const all = calls.map(async (call) => {
    while (!isOver) {
      const result = await call().catch((error: unknown) => String(error));
      made += 1;
      if (result !== 0) failures.push(String(result));
      await sleep(PAUSE_MS);
    }
  });
  return {
    calls: () => made,
    /** @returns what went wrong, one entry for each call that failed */
    async stop() {
      isOver = true;
      await Promise.all(all);
      return failures;
    },
  };
}
