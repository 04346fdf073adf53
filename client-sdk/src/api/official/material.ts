import type { Call } from '../call.js';
import { createGroup } from '../method.js';
import type { CallOptions, WeixinFile, WeixinResult } from '../weixin-types.js';
import type { UploadFile } from '../wire/upload-file.js';

export interface AddMaterialParams extends CallOptions {
  readonly type: 'image' | 'voice' | 'video' | 'thumb';
  readonly media: UploadFile;
  /** Needed for a video. */
  readonly description?: { readonly title: string; readonly introduction?: string } | undefined;
}

export interface AddMaterialResult extends WeixinResult {
  readonly mediaId: string;
  /** Of an image. */
  readonly url?: string;
}

export interface MaterialParams extends CallOptions {
  readonly mediaId: string;
}

export interface ListMaterialParams extends CallOptions {
  readonly type: 'image' | 'voice' | 'video' | 'news';
  /** From 0. */
  readonly offset: number;
  /** 1 to 20. */
  readonly count: number;
}

export interface ListMaterialResult extends WeixinResult {
  readonly totalCount: number;
  readonly itemCount: number;
  readonly item: readonly {
    readonly mediaId: string;
    readonly name?: string;
    /** Unix seconds. */
    readonly updateTime: number;
    readonly url?: string;
  }[];
}

export interface MaterialCountResult extends WeixinResult {
  readonly voiceCount: number;
  readonly videoCount: number;
  readonly imageCount: number;
  readonly newsCount: number;
}

/**
 * Files that an official account keeps for ever.
 * @see https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/Adding_Permanent_Assets.html
 */
export interface Material {
  /** Uploads one. @throws WeixinError 40004 wrong type, 40005 wrong kind of file, 45001 too large, 45008 no more room */
  add(params: AddMaterialParams): Promise<AddMaterialResult>;
  /** The file; for a video its address in `downUrl`, for news their text. @throws WeixinError 40007 no such media */
  get(params: MaterialParams): Promise<WeixinFile | (WeixinResult & Readonly<Record<string, unknown>>)>;
  /** Removes one. @throws WeixinError 40007 no such media */
  delete(params: MaterialParams): Promise<WeixinResult>;
  list(params: ListMaterialParams): Promise<ListMaterialResult>;
  count(params?: CallOptions): Promise<MaterialCountResult>;
}

export function createMaterial(call: Call): Material {
  return createGroup<Material>(call, 'material', {
    add: {
      path: '/cgi-bin/material/add_material',
      kinds: { type: 'text', media: 'object', description: 'object?' },
      file: 'media',
      fields: ['description'],
    },
    get: {
      path: '/cgi-bin/material/get_material',
      kinds: { mediaId: 'text' },
      expects: 'either',
      safeToRepeat: true,
    },
    delete: { path: '/cgi-bin/material/del_material', kinds: { mediaId: 'text' } },
    list: {
      path: '/cgi-bin/material/batchget_material',
      kinds: { type: 'text', offset: 'number', count: 'number' },
      safeToRepeat: true,
    },
    count: { path: '/cgi-bin/material/get_materialcount', verb: 'GET', kinds: {} },
  });
}
