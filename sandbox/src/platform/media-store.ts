import { BoundedMap } from './bounded-map.js';

/** @see https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/uploadTempMedia.html */
const MEDIA_LIFE_MS = 3 * 24 * 3_600_000;

export interface Media {
  type: string;
  contentType: string;
  bytes: Buffer;
  createdAtMs: number;
}

/** Temporary media of one app, gone after three days. At most 1,000 are kept. */
export class MediaStore {
  readonly #media = new BoundedMap<string, Media>(1_000);

  add(mediaId: string, media: Media): void {
    this.#media.set(mediaId, media);
  }

  find(mediaId: string, nowMs: number): Media | undefined {
    const media = this.#media.get(mediaId);
    return media && nowMs - media.createdAtMs < MEDIA_LIFE_MS ? media : undefined;
  }
}
