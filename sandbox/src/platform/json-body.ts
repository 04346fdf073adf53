import type { PlatformRequest } from './platform-request.js';
import { WechatFault } from './wechat-fault.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** What the bytes are the JSON of; undefined when they are not JSON in UTF-8. */
export function parseJson(bytes: Buffer): unknown {
  // Spares the many requests without a body an exception.
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The JSON object in the body, whatever its content type says.
 *
 * Ordered checks: a body at all (44002), raw UTF-8 in place of \u escapes (40033), a JSON object (`notJson`).
 * @param notJson errcode for a body that is no JSON object, a form for instance; default 47001
 */
export function jsonBody(request: PlatformRequest, notJson = 47001): Readonly<Record<string, unknown>> {
  if (request.bytes.length === 0) throw new WechatFault(44002);
  if (!request.json) throw new WechatFault(notJson);
  if (hasEscapedText(request.bytes)) throw new WechatFault(40033);
  return request.json;
}

/**
 * Whether the JSON writes as `\uXXXX` what could stand there as it is. Escapes of ASCII are let pass: the control
 * characters among them have no other form in JSON.
 */
function hasEscapedText(bytes: Buffer): boolean {
  if (bytes.indexOf('\\u') === -1) return false;
  for (const [, escaped] of bytes.toString('utf8').matchAll(/\\(u[0-9a-fA-F]{4}|.)/gs)) {
    if (escaped?.length === 5 && Number.parseInt(escaped.slice(1), 16) >= 0x80) return true;
  }
  return false;
}

/** The field as text; '' when it is missing or of another type. */
export function textField(source: Readonly<Record<string, unknown>>, name: string): string {
  const value = source[name];
  return typeof value === 'string' ? value : '';
}
