import type { App } from '../platform/app.js';
import type { Platform } from '../platform/platform.js';
import type { PlatformReply, PlatformRequest } from '../platform/platform-request.js';

/** A call that has got as far as its API. */
export interface ApiCall {
  platform: Platform;
  request: PlatformRequest;
  nowMs: number;
}

/** A call of an API that takes an access token, whose owner is `app`. */
export interface AppCall extends ApiCall {
  app: App;
}

interface ApiPlace {
  path: string;
  methods: readonly ('GET' | 'POST')[];
}

/** An API of the platform. `answer` throws a WechatFault for what the platform answers with an errcode. */
export type Api = ApiPlace &
  (
    | { auth: 'access_token'; answer(call: AppCall): PlatformReply }
    | { auth: 'none'; answer(call: ApiCall): PlatformReply }
  );

/** The answer of most POST APIs. */
export const OK = { errcode: 0, errmsg: 'ok' } as const;
