import { quoteLongNumbers } from './long-numbers.js';

/** `errcode` and `errmsg` of an answer of WeChat. */
export interface WechatFault {
  readonly errcode: number;
  readonly errmsg: string;
}

/**
 * The fault in a parsed answer, or undefined when it is a success: `errcode` absent or 0. Some answers carry the
 * code as a string, so a numeric string counts too.
 */
export function faultOf(body: unknown): WechatFault | undefined {
  if (typeof body !== 'object' || body === null || !('errcode' in body)) return undefined;
  const errcode = Number(body.errcode);
  if (!Number.isInteger(errcode) || errcode === 0) return undefined;
  const errmsg = 'errmsg' in body && typeof body.errmsg === 'string' ? body.errmsg : '';
  return { errcode, errmsg };
}

/**
 * Parses an answer of WeChat as JSON. Control characters inside strings, which WeChat is known to let
 * through from users' nicknames, are dropped. Whole numbers that JavaScript would round come as strings.
 * @throws SyntaxError when the text is no JSON
 */
export function parseWechatJson(text: string): unknown {
  const exact = quoteLongNumbers(text);
  try {
    return JSON.parse(exact);
  } catch {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be dropped
    return JSON.parse(exact.replace(/[\u0000-\u001f\u007f]/g, ''));
  }
}
