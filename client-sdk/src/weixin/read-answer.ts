import { faultOf, parseWechatJson } from '@zhongkong/shared';
import { WeixinError } from '../errors.js';
import type { ApiCall } from './api-call.js';
import { fromWireNames } from './convert-names.js';
import { hideCredentials } from './hide-credentials.js';
import type { WeixinAnswer } from './weixin-types.js';

/** An answer of the platform as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
  /** The whole URL, token and all. */
  readonly sentTo: URL;
}

const SUCCESS = { errCode: 0, errMsg: 'ok' };
/** An answer under one of these is JSON, or no answer of the platform's. */
const TEXT_TYPE = /^(?:application\/json|text\/(?:html|json|plain|xml))/i;

/**
 * Reads an answer by its content first, since faults come under every content type: JSON becomes an object with
 * camelCase names, any other bytes `{ buffer, contentType }`. What is neither, such as the page of a gateway, half an
 * answer or none, is a fault with errCode -1: the platform has not answered.
 * @throws WeixinError
 */
export function readAnswer({ status, contentType, body, sentTo }: RawAnswer, call: ApiCall): WeixinAnswer {
  const { api, convertNames = true, gives } = call;
  const json = parseObject(body);
  const fault = faultOf(json);
  if (fault !== undefined)
    throw new WeixinError({ ...fault, errmsg: hideCredentials(fault.errmsg, sentTo) }, api);
  if (status !== 200) throw noAnswer(`HTTP ${status}${kindOf(contentType)}`, api);
  if (body.length === 0) throw noAnswer('an empty answer', api);
  if (json !== undefined && gives !== 'file') return { ...SUCCESS, ...asResult(json, convertNames) };
  if (json !== undefined || gives === 'json' || isText(contentType, body))
    throw noAnswer(`what is no ${gives === 'file' ? 'file' : 'JSON object'}${kindOf(contentType)}`, api);
  return { ...SUCCESS, buffer: body, contentType };
}

/** The body stays out of the message: nobody knows what a stranger's page repeats of the request. */
function noAnswer(instead: string, api: string): WeixinError {
  return new WeixinError({ errcode: -1, errmsg: `WeChat did not answer: there came ${instead}` }, api);
}

function kindOf(contentType: string): string {
  return contentType === '' ? '' : ` (${contentType.replace(/[^\w/+.;= -]/g, '').slice(0, 80)})`;
}

function asResult(json: object, convertNames: boolean): object {
  if (convertNames) return fromWireNames(json) as object;
  const { errcode: errCode = 0, errmsg: errMsg = 'ok', ...rest } = json as Record<string, unknown>;
  return { ...rest, errCode, errMsg };
}

function isText(contentType: string, body: Buffer): boolean {
  return contentType === '' ? '{[<'.includes(firstVisible(body)) : TEXT_TYPE.test(contentType);
}

function firstVisible(body: Buffer): string {
  return String.fromCharCode(body.find((byte) => byte > 0x20) ?? 0);
}

function parseObject(body: Buffer): object | undefined {
  if (firstVisible(body) !== '{') return undefined;
  try {
    return parseWechatJson(body.toString('utf8')) as object;
  } catch {
    return undefined;
  }
}
