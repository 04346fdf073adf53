import { createHash } from 'node:crypto';

export interface PageToSign {
  readonly ticket: string;
  readonly nonceStr: string;
  /** Unix seconds. */
  readonly timestamp: number;
  /** The page's whole address as the browser shows it; what follows a `#` is not signed. */
  readonly url: string;
}

/**
 * The signature of wx.config: SHA-1 over the four values in raw form, sorted by name.
 * @see https://developers.weixin.qq.com/doc/offiaccount/OA_Web_Apps/JS-SDK.html#62
 */
export function signPage({ ticket, nonceStr, timestamp, url }: PageToSign): string {
  const [signed] = url.split('#', 1);
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${signed}`;
  return createHash('sha1').update(text).digest('hex');
}
