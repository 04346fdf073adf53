import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { faultOf, parseWechatJson, type WechatFault } from './parse-fault.js';

/** A fault is short; a larger body is content, whatever it looks like. */
const FAULT_BYTES_MAX = 16_384;

/**
 * The bytes of a whole body without its compression. Content encodings are undone from the last to the first; an
 * unknown one, and a body that is not compressed though the header says so, are left as they are, since gateways
 * decompress a body and leave the header.
 * @param maxBytes longest result
 * @throws RangeError when the body would become longer than that
 */
export function decompress(
  body: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Uint8Array {
  const encodings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  return encodings.reduceRight<Uint8Array>(
    (bytes, encoding) => decompressOnce(bytes, encoding, maxBytes),
    body,
  );
}

function decompressOnce(bytes: Uint8Array, encoding: string, maxOutputLength: number): Uint8Array {
  const options = { maxOutputLength };
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, options);
      case 'deflate':
        // The name means zlib, but some servers send the bare stream. A zlib header has 8 in its low four bits.
        return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options);
      case 'br':
        return brotliDecompressSync(bytes, options);
      default:
        return bytes;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new RangeError(`the body is longer than ${maxOutputLength} bytes`, { cause: error });
    return bytes;
  }
}

/**
 * The JSON object in the body of an answer, or undefined when there is none. The content decides: WeChat sends JSON
 * under many content types and charset names, always in UTF-8, at times with a byte order mark or control characters.
 */
export function jsonInBody(body: Uint8Array): object | undefined {
  if (!mayBeginJson(body[0])) return undefined;
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
  if (!text.startsWith('{')) return undefined;
  try {
    return parseWechatJson(text) as object;
  } catch {
    return undefined;
  }
}

/** White space, a byte order mark, or a brace: an image is known by its first byte, and not decoded. */
function mayBeginJson(byte: number | undefined): boolean {
  return byte !== undefined && (byte <= 0x20 || byte === 0xef || byte === 0x7b);
}

/** The fault in the body of an answer, which may come in place of an image and under any HTTP status; undefined for all else. */
export function faultInBody(body: Uint8Array): WechatFault | undefined {
  return body.length > FAULT_BYTES_MAX ? undefined : faultOf(jsonInBody(body));
}
