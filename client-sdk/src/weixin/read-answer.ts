import { faultOf, parseWechatJson } from '@zhongkong/shared';
import { WeixinError } from '../errors.js';
import { fromWireNames } from './convert-names.js';
import type { WeixinAnswer } from './weixin-types.js';

/** An answer of the platform as got gives it. */
export interface RawAnswer {
  readonly contentType: string;
  readonly body: Buffer;
}

const SUCCESS = { errCode: 0, errMsg: 'ok' };

/**
 * Reads an answer by its content, since faults come under every content type: JSON becomes an object with camelCase
 * names, anything else `{ buffer, contentType }`.
 * @throws WeixinError
 */
export function readAnswer({ contentType, body }: RawAnswer, method: string): WeixinAnswer {
  const json = parseObject(body);
  if (json === undefined) return { ...SUCCESS, buffer: body, contentType };
  const fault = faultOf(json);
  if (fault !== undefined) throw new WeixinError(fault, method);
  return { ...SUCCESS, ...(fromWireNames(json) as object) };
}

function parseObject(body: Buffer): object | undefined {
  const brace = 0x7b;
  if (body.find((byte) => byte > 0x20) !== brace) return undefined;
  try {
    return parseWechatJson(body.toString('utf8')) as object;
  } catch {
    return undefined;
  }
}
