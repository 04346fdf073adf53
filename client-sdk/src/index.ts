export { TokenServerError, type TokenServerFault, WeixinError } from './errors.js';
export type { ClientEvent, OnEvent } from './events.js';
export { createTokenClient, type TokenClient, type TokenClientOptions } from './token/token-client.js';
export type { TokenServerOptions } from './token/token-server-options.js';
export type { OwnedTokenSource, TokenSource } from './token/token-source.js';
export { withAccessToken } from './wechat/with-access-token.js';
export type {
  AccessTokenResult,
  Auth,
  PaidUnionIdParams,
  PaidUnionIdResult,
  SessionResult,
} from './weixin/auth.js';
export type {
  CustomerServiceMessage,
  ImageMessage,
  LinkMessage,
  MiniProgramPageMessage,
  SendParams,
  SetTypingParams,
  TempMediaParams,
  TempMediaResult,
  TextMessage,
  UploadTempMediaParams,
  UploadTempMediaResult,
} from './weixin/customer-service-message.js';
export type {
  AiCropParams,
  AiCropResult,
  Img,
  ImgParams,
  ImgSize,
  Point,
  ScanQRCodeResult,
  SuperresolutionResult,
} from './weixin/img.js';
export { initWeixin, type Weixin } from './weixin/init-weixin.js';
export type { Jssdk, JssdkConfigParams, JssdkConfigResult } from './weixin/jssdk.js';
export type {
  GenerateSchemeParams,
  GenerateSchemeResult,
  GenerateUrlLinkParams,
  GenerateUrlLinkResult,
  JumpWxa,
  Urllink,
  Urlscheme,
} from './weixin/links.js';
export type { GetPhoneNumberParams, GetPhoneNumberResult, Phonenumber } from './weixin/phonenumber.js';
export type { Request, WeixinRequest } from './weixin/request.js';
export type { Returned, WeixinReturningFaults } from './weixin/returned-faults.js';
export type {
  MediaCheckAsyncParams,
  MediaCheckAsyncResult,
  MsgSecCheckParams,
  MsgSecCheckResult,
  Security,
  Verdict,
} from './weixin/security.js';
export type { SubscribeMessage, SubscribeSendParams } from './weixin/subscribe-message.js';
export type { UploadFile } from './weixin/upload-file.js';
export type { WeixinOptions } from './weixin/weixin-options.js';
export type { CallOptions, WeixinAnswer, WeixinFile, WeixinResult } from './weixin/weixin-types.js';
export type {
  CreateQRCodeParams,
  GetCodeParams,
  GetUnlimitedParams,
  LineColor,
  Wxacode,
} from './weixin/wxacode.js';
