import type { Call } from '../call.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinResult } from '../weixin-types.js';
import type { UploadFile } from '../wire/upload-file.js';

/** An image by its address, or as a file of less than 2 MB. */
export interface ImgParams extends CallOptions {
  /** WeChat fetches it from there. */
  readonly imgUrl?: string | undefined;
  /** Needed when there is no `imgUrl`. */
  readonly img?: UploadFile | undefined;
}

export interface AiCropParams extends ImgParams {
  /** Width to height of the pieces wanted, at most five: `[1, 2.35]`. @defaultValue WeChat's choice */
  readonly ratios?: readonly number[] | string | undefined;
}

/** Pixels. */
export interface ImgSize {
  readonly w: number;
  readonly h: number;
}

export interface AiCropResult extends WeixinResult {
  /** Pieces, in pixels. The page's table calls this field `result`; WeChat sends `results`. */
  readonly results: readonly {
    readonly cropLeft: number;
    readonly cropTop: number;
    readonly cropRight: number;
    readonly cropBottom: number;
  }[];
  readonly imgSize: ImgSize;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface ScanQRCodeResult extends WeixinResult {
  readonly codeResults: readonly {
    /** `QR_CODE`, `DATA_MATRIX`, `PDF_417`, `EAN_13`, `CODE_128`, … */
    readonly typeName: string;
    /** What the code says. */
    readonly data: string;
    /** Where it is; bar codes and PDF417 come without. */
    readonly pos?: {
      readonly leftTop: Point;
      readonly rightTop: Point;
      readonly rightBottom: Point;
      readonly leftBottom: Point;
    };
  }[];
  readonly imgSize: ImgSize;
}

export interface SuperresolutionResult extends WeixinResult {
  /** The image, twice as large; fetch it with `customerServiceMessage.getTempMedia` within three days. */
  readonly mediaId: string;
}

/**
 * Image processing, a paid service of WeChat. All throw WeixinError 101000 for an address that is none, 101002
 * when the quota bought is used up, 45001 for a file of 2 MB or more, 48001 when the app lacks the permission.
 */
export interface Img {
  /**
   * Finds the pieces of an image that are worth showing.
   * @throws WeixinError 40097 wrong ratios
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/img-ocr/img/aiCrop.html
   */
  aiCrop(params: AiCropParams): Promise<AiCropResult>;
  /**
   * Reads QR codes, bar codes, DataMatrix and PDF417.
   * @throws WeixinError
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/img-ocr/img/scanQRCode.html
   */
  scanQRCode(params: ImgParams): Promise<ScanQRCodeResult>;
  /**
   * Doubles an image's resolution. WeChat's page says that this API has been taken offline.
   * @throws WeixinError
   * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/img-ocr/img/superresolution.html
   */
  superresolution(params: ImgParams): Promise<SuperresolutionResult>;
}

export function createImg(call: Call): Img {
  const kinds = { imgUrl: 'text?', img: 'object?' } as const;
  return createGroup<Img>(call, 'img', {
    aiCrop: {
      path: '/cv/img/aicrop',
      kinds,
      file: 'img',
      prepare: (name, params) => ({ ...eitherImage(name, params), ...ratiosIn(name, params) }),
    },
    scanQRCode: { path: '/cv/img/qrcode', kinds, file: 'img', prepare: eitherImage },
    superresolution: { path: '/cv/img/superresolution', kinds, file: 'img', prepare: eitherImage },
  });
}

function eitherImage(name: string, { img, imgUrl }: ImgParams): object {
  if ((img === undefined) === (imgUrl === undefined))
    throw new TypeError(`${name}: give either imgUrl or img`);
  return {};
}

function ratiosIn(name: string, { ratios }: AiCropParams): { ratios?: string } {
  if (ratios === undefined) return {};
  const isList = Array.isArray(ratios) && ratios.every((ratio) => Number.isFinite(ratio));
  if (typeof ratios !== 'string' && !isList)
    throw new TypeError(`${name}: ratios must be a list of numbers, or such a list as a string: 1,2.35`);
  return { ratios: String(ratios) };
}
