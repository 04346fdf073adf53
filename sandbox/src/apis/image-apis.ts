import type { PlatformReply, PlatformRequest } from '../platform/platform-request.js';
import { newIdText } from '../platform/random-text.js';
import { WechatFault } from '../platform/wechat-fault.js';
import { type Api, type AppCall, OK } from './api.js';
import { codeImage } from './code-image.js';

const IMAGE_MAX = 2 * 1024 * 1024;
const size = { w: 966, h: 728 };

/**
 * Cuts out the largest middle piece of each ratio asked for; the picture itself is not looked at.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/img-ocr/img/aiCrop.html
 */
export const cropImage = imageApi('/cv/img/aicrop', ({ request: { query, form } }) => {
  const ratios = (query.ratios ?? form?.fields.ratios ?? '1,2.35').split(',').map(Number);
  if (ratios.length > 5 || ratios.some((ratio) => !(ratio > 0))) throw new WechatFault(40097);
  return { json: { ...OK, results: ratios.map(cropTo), img_size: size } };
});

function cropTo(ratio: number) {
  const width = Math.min(size.w, Math.floor(size.h * ratio));
  const height = Math.min(size.h, Math.floor(size.w / ratio));
  const left = Math.floor((size.w - width) / 2);
  const top = Math.floor((size.h - height) / 2);
  return { crop_left: left, crop_top: top, crop_right: left + width, crop_bottom: top + height };
}

/**
 * Reads always the same: one QR code, with its place, and one bar code, without, as the page's example has them.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/img-ocr/img/scanQRCode.html
 */
export const scanQrCode = imageApi('/cv/img/qrcode', () => {
  const pos = {
    left_top: { x: 585, y: 378 },
    right_top: { x: 828, y: 378 },
    right_bottom: { x: 828, y: 618 },
    left_bottom: { x: 585, y: 618 },
  };
  const found = [
    { type_name: 'QR_CODE', data: 'http://www.qq.com', pos },
    { type_name: 'EAN_13', data: '5906789678957' },
  ];
  return { json: { ...OK, code_results: found, img_size: { w: 1000, h: 900 } } };
});

/**
 * Answers a media id under which the picture, not enlarged, can be fetched for three days. The platform has taken
 * this API offline by now; inject 48001 to see that.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/img-ocr/img/superresolution.html
 */
export const superresolveImage = imageApi('/cv/img/superresolution', ({ platform, app, request, nowMs }) => {
  const image = uploadedImage(request) ?? codeImage();
  const mediaId = newIdText(platform.random, 64);
  app.media.add(mediaId, { ...image, type: 'image', createdAtMs: nowMs });
  return { json: { ...OK, media_id: mediaId } };
});

/** The pages ask for POST, their examples use GET with `img_url`: both are taken. */
function imageApi(path: string, answer: (call: AppCall) => PlatformReply): Api {
  return {
    path,
    methods: ['POST', 'GET'],
    auth: 'access_token',
    answer(call) {
      checkImage(call.request);
      return answer(call);
    },
  };
}

/** A picture by its address (101000 if that is none), or as the part `img` (41005, 44001), below 2 MiB (45001). */
function checkImage(request: PlatformRequest): void {
  const { img_url: url } = request.query;
  if (url !== undefined) {
    if (!/^https?:\/\/[^\s/]+/.test(url)) throw new WechatFault(101000);
    return;
  }
  const image = uploadedImage(request);
  if (!image) throw new WechatFault(41005);
  if (image.bytes.length === 0) throw new WechatFault(44001);
  if (image.bytes.length >= IMAGE_MAX) throw new WechatFault(45001);
}

function uploadedImage({ form }: PlatformRequest): { bytes: Buffer; contentType: string } | undefined {
  return form?.files.find(({ field }) => field === 'img');
}
