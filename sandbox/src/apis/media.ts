import type { PlatformReply, UploadedFile } from '../platform/platform-request.js';
import { newIdText } from '../platform/random-text.js';
import { WechatFault } from '../platform/wechat-fault.js';
import type { Api } from './api.js';

const MEBIBYTE = 1024 * 1024;

/** What may be uploaded as what. The page contradicts itself on sizes; these are its more generous ones. */
const mediaTypes: Readonly<Record<string, { extensions: readonly string[]; maxBytes: number }>> = {
  image: { extensions: ['png', 'jpeg', 'jpg', 'gif'], maxBytes: 10 * MEBIBYTE },
  voice: { extensions: ['amr', 'mp3'], maxBytes: 2 * MEBIBYTE },
  video: { extensions: ['mp4'], maxBytes: 10 * MEBIBYTE },
  thumb: { extensions: ['jpg', 'jpeg'], maxBytes: 64 * 1024 },
};

/**
 * Mini programs may upload pictures only. The part is called `media`; another name is let pass, as the platform does.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/uploadTempMedia.html
 */
export const uploadMedia: Api = {
  path: '/cgi-bin/media/upload',
  methods: ['POST'],
  auth: 'access_token',
  answer({ platform, app, request: { query, form }, nowMs }) {
    const { type = '' } = query;
    const rules = Object.hasOwn(mediaTypes, type) ? mediaTypes[type] : undefined;
    if (!rules || (app.config.type === 'miniprogram' && type !== 'image')) throw new WechatFault(40004);
    const file = form?.files.find(({ field }) => field === 'media') ?? form?.files[0];
    if (!file) throw new WechatFault(41005);
    if (file.bytes.length === 0) throw new WechatFault(44001);
    if (file.bytes.length > rules.maxBytes) throw new WechatFault(45001);
    if (!rules.extensions.includes(extensionOf(file))) throw new WechatFault(40005);
    const { bytes, contentType } = file;
    const mediaId = newIdText(platform.random, 64);
    app.media.add(mediaId, { type, contentType, bytes, createdAtMs: nowMs });
    return { json: { type, media_id: mediaId, created_at: Math.floor(nowMs / 1000) } };
  },
};

/** By the file's name, or by its content type if the name has no extension. */
function extensionOf({ filename, contentType }: UploadedFile): string {
  const [, extension] = /\.(\w+)$/.exec(filename) ?? /\/(\w+)/.exec(contentType) ?? [];
  return (extension ?? '').toLowerCase();
}

/**
 * Answers the bytes; for a video a link to them.
 * @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/getTempMedia.html
 */
export const getMedia: Api = {
  path: '/cgi-bin/media/get',
  methods: ['GET'],
  auth: 'access_token',
  answer({ app, request: { query, host }, nowMs }): PlatformReply {
    const mediaId = query.media_id ?? '';
    if (mediaId === '') throw new WechatFault(41006);
    const media = app.media.find(mediaId, nowMs);
    if (!media) throw new WechatFault(40007);
    if (media.type === 'video') {
      return { json: { video_url: `http://${host}/_sandbox/media/${app.config.appId}/${mediaId}` } };
    }
    const extension = media.contentType.split('/')[1]?.replace('jpeg', 'jpg') ?? 'bin';
    return {
      bytes: media.bytes,
      contentType: media.contentType,
      headers: {
        'Content-disposition': `attachment; filename="${mediaId}.${extension}"`,
        'Cache-Control': 'no-cache, must-revalidate',
      },
    };
  },
};
