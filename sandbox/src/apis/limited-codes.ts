import { createHash } from 'node:crypto';
import type { App } from '../platform/app.js';
import { jsonBody, textField } from '../platform/json-body.js';
import type { PlatformReply } from '../platform/platform-request.js';
import { WechatFault } from '../platform/wechat-fault.js';
import type { Api, AppCall } from './api.js';
import { checkEnvVersion, checkWidth, requireMiniProgram } from './code-checks.js';
import { codeImage } from './code-image.js';

/** @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/createQRCode.html */
export const createQrCode: Api = {
  path: '/cgi-bin/wxaapp/createwxaqrcode',
  methods: ['POST'],
  auth: 'access_token',
  answer: (call) => makeCode(call, (path) => Buffer.byteLength(path) <= 128),
};

/** @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/qrcode-link/qr-code/getQRCode.html */
export const getWxaCode: Api = {
  path: '/wxa/getwxacode',
  methods: ['POST'],
  auth: 'access_token',
  answer(call) {
    const { app, platform, nowMs } = call;
    const reply = makeCode(call, (path) => path.length <= 1024);
    if (!app.usage.take('getwxacode', 'day', platform.limits.getCodePerDay, nowMs)) {
      throw new WechatFault(45009);
    }
    return reply;
  },
};

/**
 * Ordered checks: account (45063), JSON and path (40159), version (40097), width (40189), lifetime cap (45029).
 * For createwxaqrcode the page names no fault for a wrong width; we answer as getwxacode does.
 */
function makeCode({ app, platform, request }: AppCall, fits: (path: string) => boolean): PlatformReply {
  requireMiniProgram(app);
  const body = jsonBody(request, 40159);
  const path = textField(body, 'path');
  if (path === '' || !fits(path)) throw new WechatFault(40159);
  checkEnvVersion(body.env_version);
  checkWidth(body.width);
  countCode(app, JSON.stringify([request.path, body]), platform.limits.codesPerLifetime);
  return codeImage(body.is_hyaline === true);
}

/** Codes with the same parameters are one code. */
function countCode(app: App, parameters: string, max: number): void {
  const code = createHash('sha1').update(parameters).digest('base64');
  if (app.codes.size >= max && !app.codes.has(code)) throw new WechatFault(45029);
  app.codes.add(code);
}
