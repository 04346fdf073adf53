import type { Api } from './api.js';
import { clearQuota, clearQuotaBySecret } from './clear-quota.js';
import { codeToSession } from './code-to-session.js';
import { checkMedia, checkMessage } from './content-checks.js';
import { sendCustomMessage, setTyping } from './custom-message.js';
import { getPaidUnionId } from './get-paid-unionid.js';
import { cropImage, scanQrCode, superresolveImage } from './image-apis.js';
import { getApiDomainIp, getCallbackIp } from './ip-lists.js';
import { createQrCode, getWxaCode } from './limited-codes.js';
import { generateScheme, generateUrlLink } from './links.js';
import { getMedia, uploadMedia } from './media.js';
import { checkUserToken, getUserInfo, getUserToken, refreshUserToken } from './oauth.js';
import { getPhoneNumber } from './phone-number.js';
import { sendSubscribeMessage } from './subscribe-message.js';
import { getTicket } from './tickets.js';
import { getAccessToken, getStableAccessToken } from './token-apis.js';
import { getUnlimitedCode } from './unlimited-code.js';

const apis: readonly Api[] = [
  getAccessToken,
  getStableAccessToken,
  codeToSession,
  getPaidUnionId,
  getMedia,
  uploadMedia,
  sendCustomMessage,
  setTyping,
  createQrCode,
  getWxaCode,
  getUnlimitedCode,
  cropImage,
  scanQrCode,
  superresolveImage,
  getTicket,
  getApiDomainIp,
  getCallbackIp,
  clearQuota,
  clearQuotaBySecret,
  sendSubscribeMessage,
  checkMessage,
  checkMedia,
  generateScheme,
  generateUrlLink,
  getPhoneNumber,
  getUserToken,
  refreshUserToken,
  getUserInfo,
  checkUserToken,
];

/** Every API of the sandbox by its path. Paths are case-sensitive, as the platform's are. */
export const allApis: ReadonlyMap<string, Api> = new Map(apis.map((api) => [api.path, api]));
