import { faultOf, parseWechatJson, type WechatFault } from '@zhongkong/shared';

/** Faults are short; a larger body is content, whatever it looks like. */
const FAULT_BYTES_MAX = 16_384;

/**
 * The fault in an answer's body, or undefined. The platform sends faults with HTTP 200, in the place of an image too,
 * and not always under a JSON content type, so the content decides.
 */
export function faultInBody(body: Uint8Array): WechatFault | undefined {
  if (body.length > FAULT_BYTES_MAX || firstVisible(body) !== '{') return undefined;
  try {
    return faultOf(parseWechatJson(Buffer.from(body).toString('utf8')));
  } catch {
    return undefined;
  }
}

function firstVisible(body: Uint8Array): string {
  return Buffer.from(body.subarray(0, 64)).toString('latin1').trimStart().charAt(0);
}
