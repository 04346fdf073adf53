export { TokenServerError, type TokenServerFault, WeixinError } from './errors.js';
export type { ClientEvent, OnEvent } from './events.js';
export { createTokenClient, type TokenClient, type TokenClientOptions } from './token/token-client.js';
export type { TokenServerOptions } from './token/token-server-options.js';
export type { OwnedTokenSource, TokenSource } from './token/token-source.js';
export { withAccessToken } from './wechat/with-access-token.js';
export { initWeixin } from './weixin/init-weixin.js';
export type {
  Weixin,
  WeixinAnswer,
  WeixinOptions,
  WeixinRequest,
  WeixinResult,
} from './weixin/weixin-types.js';
