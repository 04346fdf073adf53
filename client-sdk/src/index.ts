export type {
  AccessTokenResult,
  Auth,
  PaidUnionIdParams,
  PaidUnionIdResult,
  SessionResult,
} from './api/groups/auth.js';
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
} from './api/groups/customer-service-message.js';
export type {
  AiCropParams,
  AiCropResult,
  Img,
  ImgParams,
  ImgSize,
  Point,
  ScanQRCodeResult,
  SuperresolutionResult,
} from './api/groups/img.js';
export type { Jssdk, JssdkConfigParams, JssdkConfigResult } from './api/groups/jssdk.js';
export type {
  GenerateSchemeParams,
  GenerateSchemeResult,
  GenerateUrlLinkParams,
  GenerateUrlLinkResult,
  JumpWxa,
  Urllink,
  Urlscheme,
} from './api/groups/links.js';
export type { GetPhoneNumberParams, GetPhoneNumberResult, Phonenumber } from './api/groups/phonenumber.js';
export type {
  MediaCheckAsyncParams,
  MediaCheckAsyncResult,
  MsgSecCheckParams,
  MsgSecCheckResult,
  Security,
  Verdict,
} from './api/groups/security.js';
export type { SubscribeMessage, SubscribeSendParams } from './api/groups/subscribe-message.js';
export type {
  CreateQRCodeParams,
  GetCodeParams,
  GetUnlimitedParams,
  LineColor,
  Wxacode,
} from './api/groups/wxacode.js';
export { initWeixin } from './api/init-weixin.js';
export type {
  AddMaterialParams,
  AddMaterialResult,
  ListMaterialParams,
  ListMaterialResult,
  Material,
  MaterialCountResult,
  MaterialParams,
} from './api/official/material.js';
export type { CreateMenuParams, Menu, MenuButton } from './api/official/menu.js';
export type { Oauth, OauthUserInfo, UserToken } from './api/official/oauth.js';
export type {
  TemplateMessage,
  TemplateSendParams,
  TemplateSendResult,
} from './api/official/template-message.js';
export type {
  User,
  UserInfo,
  UserInfoListParams,
  UserInfoParams,
  UserListParams,
  UserListResult,
} from './api/official/user.js';
export type { Request, WeixinRequest } from './api/request.js';
export type { Returned, WeixinReturningFaults } from './api/returned-faults.js';
export type { Weixin } from './api/weixin.js';
export type { WeixinOptions } from './api/weixin-options.js';
export type { CallOptions, WeixinAnswer, WeixinFile, WeixinResult } from './api/weixin-types.js';
export type { UploadFile } from './api/wire/upload-file.js';
export { TokenServerError, WeixinError } from './errors.js';
export type { ClientEvent, OnEvent } from './events.js';
export { createTokenClient, type TokenClient, type TokenStatus } from './token/client.js';
export type { TokenClientOptions, TokenServerOptions } from './token/client-options.js';
export type { TokenPhase } from './token/held-token.js';
export type { OwnedTokenSource, TokenSource } from './token/token-source.js';
