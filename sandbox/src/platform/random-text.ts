/** Source of random bytes, an argument everywhere so that the core stays deterministic. */
export type RandomBytes = (size: number) => Buffer;

/**
 * A token as the platform's look: two digits, an underscore, then base64url; 143 characters. The platform asks to
 * keep 512 characters for it and to treat it as opaque.
 * @see https://developers.weixin.qq.com/doc/oplatform/developers/dev/AccessToken.html
 */
export function newTokenText(random: RandomBytes): string {
  const bytes = random(106);
  return `${10 + (bytes.readUInt8(0) % 90)}_${bytes.subarray(1).toString('base64url')}`;
}

/** A random string of base64url characters of exactly `length`: media ids, tickets, and the like. */
export function newIdText(random: RandomBytes, length: number): string {
  return random(Math.ceil(length * 0.75))
    .toString('base64url')
    .slice(0, length);
}

/**
 * The request id at the end of each error message: three groups of eight hex digits, the first of which is the Unix
 * time in seconds.
 * @see https://developers.weixin.qq.com/doc/oplatform/developers/dev/api
 */
export function newRid(random: RandomBytes, nowMs: number): string {
  const seconds = Math.floor(nowMs / 1000)
    .toString(16)
    .padStart(8, '0');
  const tail = random(8).toString('hex');
  return `${seconds}-${tail.slice(0, 8)}-${tail.slice(8)}`;
}
