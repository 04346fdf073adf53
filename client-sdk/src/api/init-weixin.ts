import { nodeFetch } from '../http/exchange.js';
import { SecretTokenSource } from '../secret/token-source.js';
import { createTokenClient } from '../token/client.js';
import { openTokenServer } from '../token/server.js';
import { givenToken, type OwnedTokenSource } from '../token/token-source.js';
import { type AuthSources, createAuth } from './groups/auth.js';
import { createCustomerServiceMessage } from './groups/customer-service-message.js';
import { createImg } from './groups/img.js';
import { createJssdk } from './groups/jssdk.js';
import { createUrllink, createUrlscheme } from './groups/links.js';
import { createPhonenumber } from './groups/phonenumber.js';
import { createSecurity } from './groups/security.js';
import { createSubscribeMessage } from './groups/subscribe-message.js';
import { createWxacode } from './groups/wxacode.js';
import { createMaterial } from './official/material.js';
import { createMenu } from './official/menu.js';
import { createOauth, type OauthSources } from './official/oauth.js';
import { createTemplateMessage } from './official/template-message.js';
import { createUser } from './official/user.js';
import { createRequest } from './request.js';
import { returningFaults, type WeixinReturningFaults } from './returned-faults.js';
import { codeToSessionBySecret, jsapiTicketOfWechat } from './secret-calls.js';
import { createCall } from './send.js';
import { createServerCalls } from './server-calls.js';
import type { Weixin } from './weixin.js';
import { checkOptions, type WeixinOptions } from './weixin-options.js';

const DEFAULT_BASE_URL = 'https://api.weixin.qq.com';
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * The WeChat server APIs of one app, with an access token that heals itself: from a token server, with the app's secret
 * straight from WeChat, or as given.
 * @throws TypeError when an option is missing or wrong
 */
export function initWeixin(options: WeixinOptions & { readonly throwOnError: false }): WeixinReturningFaults;
export function initWeixin(options: WeixinOptions): Weixin;
export function initWeixin(options: WeixinOptions): Weixin | WeixinReturningFaults {
  checkOptions(options);
  const { appId, tokenServer, secret, accessToken, throwOnError = true } = options;
  const { baseUrl = DEFAULT_BASE_URL, timeoutMs = DEFAULT_TIMEOUT_MS, fetch = nodeFetch } = options;
  const transport = { baseUrl, timeoutMs, fetch };
  const owned = openTokens(options, transport);
  const tokens = accessToken === undefined ? owned : givenToken(accessToken);
  const call = createCall({ ...transport, tokens });
  const server =
    tokenServer && openTokenServer({ server: tokenServer.url, apiKey: tokenServer.apiKey, fetch });
  const calls = server && createServerCalls(server, appId);

  const sources: AuthSources = {
    readToken: owned ? () => owned.read() : refuse('auth.getAccessToken'),
    codeToSession:
      calls?.codeToSession ??
      (secret === undefined ? refuse('auth.code2Session') : codeToSessionBySecret(call, { appId, secret })),
  };
  const login: OauthSources['login'] =
    server === undefined
      ? secret === undefined
        ? undefined
        : { call, secret }
      : {
          // The server has WeChat's own path for it, which takes the client's key as its secret.
          call: (request) =>
            createCall({ ...transport, baseUrl: server.servers.current, tokens: undefined })(request),
          secret: tokenServer?.apiKey ?? '',
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
    jssdk: guard(createJssdk(appId, calls?.jsapiTicket ?? (() => jsapiTicketOfWechat(call)))),
    templateMessage: guard(createTemplateMessage(call)),
    user: guard(createUser(call)),
    menu: guard(createMenu(call)),
    material: guard(createMaterial(call)),
    oauth: guard(createOauth({ appId, call, login })),
    ...guard({ request: createRequest(call) }),
    async close() {
      server?.close();
      await owned?.close();
    },
  };
}

interface Transport {
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly fetch: typeof nodeFetch;
}

/** The source that this instance keeps itself, if it has the means. */
function openTokens(options: WeixinOptions, transport: Transport): OwnedTokenSource | undefined {
  const { appId, tokenServer, secret, updates, onEvent, fetch } = options;
  if (tokenServer !== undefined) {
    const { url: server, apiKey } = tokenServer;
    return createTokenClient({ server, apiKey, appId, updates, onEvent, fetch });
  }
  if (secret === undefined) return undefined;
  return new SecretTokenSource({ appId, secret, ...transport, onEvent });
}

function refuse(api: string): () => Promise<never> {
  return async () => {
    throw new TypeError(`${api}: give initWeixin a tokenServer or a secret`);
  };
}
