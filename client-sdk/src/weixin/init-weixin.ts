import { givenToken } from '../token/given-token.js';
import { createPlatformTokenSource } from '../token/platform-token-source.js';
import { createTokenClient } from '../token/token-client.js';
import type { OwnedTokenSource } from '../token/token-source.js';
import { type Auth, type AuthSources, createAuth } from './auth.js';
import { type CustomerServiceMessage, createCustomerServiceMessage } from './customer-service-message.js';
import { createImg, type Img } from './img.js';
import { createJssdk, type Jssdk } from './jssdk.js';
import { createUrllink, createUrlscheme, type Urllink, type Urlscheme } from './links.js';
import { createPhonenumber, type Phonenumber } from './phonenumber.js';
import { createPlatform } from './platform.js';
import { codeToSessionBySecret, jsapiTicketOfPlatform } from './platform-questions.js';
import { createRequest, type Request } from './request.js';
import { returningFaults, type WeixinReturningFaults } from './returned-faults.js';
import { createSecurity, type Security } from './security.js';
import { createSubscribeMessage, type SubscribeMessage } from './subscribe-message.js';
import { createTokenServerQuestions } from './token-server-questions.js';
import { checkOptions, type WeixinOptions } from './weixin-options.js';
import { createWxacode, type Wxacode } from './wxacode.js';

const DEFAULT_BASE_URL = 'https://api.weixin.qq.com';
const DEFAULT_TIMEOUT_MS = 10_000;

/** The WeChat server APIs of one app. Every method throws WeixinError and TokenServerError, and TypeError for wrong arguments. */
export interface Weixin {
  readonly auth: Auth;
  readonly customerServiceMessage: CustomerServiceMessage;
  readonly wxacode: Wxacode;
  readonly img: Img;
  readonly subscribeMessage: SubscribeMessage;
  readonly security: Security;
  readonly urlscheme: Urlscheme;
  readonly urllink: Urllink;
  readonly phonenumber: Phonenumber;
  readonly jssdk: Jssdk;
  readonly request: Request;
  /** Stops what runs in the background. */
  close(): Promise<void>;
}

/**
 * The WeChat server APIs of one app, with an access token that heals itself: from a token server, with the app's secret
 * straight from the platform, or as given.
 * @throws TypeError when an option is missing or wrong
 */
export function initWeixin(options: WeixinOptions & { readonly throwOnError: false }): WeixinReturningFaults;
export function initWeixin(options: WeixinOptions): Weixin;
export function initWeixin(options: WeixinOptions): Weixin | WeixinReturningFaults {
  checkOptions(options);
  const { appId, tokenServer, secret, accessToken, throwOnError = true } = options;
  const { baseUrl = DEFAULT_BASE_URL, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const server = tokenServer && { server: tokenServer.url, apiKey: tokenServer.apiKey, appId };
  const owned = openTokens({ ...options, baseUrl, timeoutMs });
  const tokens = accessToken === undefined ? owned : givenToken(accessToken);
  const call = createPlatform({ baseUrl, timeoutMs, tokens });
  const questions = server && createTokenServerQuestions(server);

  const sources: AuthSources = {
    readToken: owned ? () => owned.read() : refuse('auth.getAccessToken'),
    codeToSession:
      questions?.codeToSession ??
      (secret === undefined ? refuse('auth.code2Session') : codeToSessionBySecret(call, { appId, secret })),
  };
  const guard = <Group extends object>(group: Group) => (throwOnError ? group : returningFaults(group));
  return {
    auth: guard(createAuth(call, sources)),
    customerServiceMessage: guard(createCustomerServiceMessage(call)),
    wxacode: guard(createWxacode(call)),
    img: guard(createImg(call)),
    subscribeMessage: guard(createSubscribeMessage(call)),
    security: guard(createSecurity(call)),
    urlscheme: guard(createUrlscheme(call)),
    urllink: guard(createUrllink(call)),
    phonenumber: guard(createPhonenumber(call)),
    jssdk: guard(createJssdk(appId, questions?.jsapiTicket ?? (() => jsapiTicketOfPlatform(call)))),
    ...guard({ request: createRequest(call) }),
    async close() {
      questions?.close();
      await owned?.close();
    },
  };
}

/** The source that this instance keeps itself, if it has the means. */
function openTokens(options: WeixinOptions): OwnedTokenSource | undefined {
  const { appId, tokenServer, secret, baseUrl, timeoutMs, updates, onEvent } = options;
  if (tokenServer !== undefined) {
    const { url: server, apiKey } = tokenServer;
    return createTokenClient({ server, apiKey, appId, updates, onEvent });
  }
  if (secret === undefined) return undefined;
  return createPlatformTokenSource({ appId, secret, baseUrl, timeoutMs, onEvent });
}

function refuse(api: string): () => Promise<never> {
  return async () => {
    throw new TypeError(`${api}: give initWeixin a tokenServer or a secret`);
  };
}
