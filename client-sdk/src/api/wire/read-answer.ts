import { faultOf, redact } from '@zhongkong/shared';
import { WeixinError } from '../../errors.js';
import type { HttpAnswer } from '../../http/exchange.js';
import { faultError } from '../../to-weixin-error.js';
import type { ApiCall } from '../call.js';
import type { WeixinAnswer } from '../weixin-types.js';
import { fileNameIn } from './file-name.js';
import { fromWireNames } from './names.js';

const SUCCESS = { errCode: 0, errMsg: 'ok' };
/** An answer under one of these is JSON, or no answer of WeChat's. */
const TEXT_TYPE = /^(?:application\/json|text\/(?:html|json|plain|xml))/i;
/** The parameters of a query that nobody but WeChat may read. */
const SECRET_PARAMETERS = ['access_token', 'refresh_token', 'secret', 'js_code', 'code'];

/**
 * Reads an answer by its content first, since faults come under every content type and status: JSON becomes an object
 * with camelCase names, any other bytes `{ buffer, contentType }`. What is neither, such as the page of a gateway, half
 * an answer or none, is a fault with errCode -1: WeChat has not answered.
 * @param sentTo the whole URL, token and all
 * @throws WeixinError
 */
export function readAnswer(answer: HttpAnswer, call: ApiCall, sentTo: string): WeixinAnswer {
  const { status, headers, body, json } = answer;
  const { api, convertNames = true, expects } = call;
  const fault = faultOf(json);
  if (fault !== undefined)
    throw faultError({ ...fault, errmsg: redact(fault.errmsg, secretsIn(sentTo)) }, api);
  const contentType = headers.get('content-type') ?? '';
  if (json === undefined && isPage(body))
    throw noAnswer(`an HTML page of a gateway came, ${describe(status, contentType)}`, api);
  if (status < 200 || status > 299) throw noAnswer(describe(status, contentType), api);
  if (body.length === 0) throw noAnswer('the answer is empty', api);
  if (json !== undefined && expects !== 'file') return { ...SUCCESS, ...toResult(json, convertNames) };
  if (json !== undefined || expects === 'json' || isText(contentType, body)) {
    const wanted = expects === 'file' ? 'a file' : 'a JSON object';
    throw noAnswer(`the answer is not ${wanted}, ${describe(status, contentType)}`, api);
  }
  const fileName = fileNameIn(headers.get('content-disposition'));
  return { ...SUCCESS, buffer: body, contentType, ...(fileName === undefined ? {} : { fileName }) };
}

/** The body stays out of the message: nobody knows what a stranger's page repeats of the request. */
function noAnswer(reason: string, method: string): WeixinError {
  return new WeixinError(`WeChat did not answer: ${reason}`, { errcode: -1, method });
}

function describe(status: number, contentType: string): string {
  const type = contentType.replace(/[^\w/+.;= -]/g, '').slice(0, 80);
  return `HTTP ${status}${type === '' ? '' : ` (${type})`}`;
}

function toResult(json: object, convertNames: boolean): object {
  if (convertNames) return fromWireNames(json) as object;
  const { errcode: errCode = 0, errmsg: errMsg = 'ok', ...rest } = json as Record<string, unknown>;
  return { ...rest, errCode, errMsg };
}

function isText(contentType: string, body: Buffer): boolean {
  return contentType === '' ? '{['.includes(startOf(body).charAt(0)) : TEXT_TYPE.test(contentType);
}

/** WeChat answers no API with HTML, so a page comes from a gateway, whatever its type and status. */
function isPage(body: Buffer): boolean {
  return /^<(?:!doctype|html|head|body|title|center|h\d|p)\b/i.test(startOf(body));
}

/** The first visible characters. */
function startOf(body: Buffer): string {
  return body
    .subarray(0, 256)
    .toString('latin1')
    .replace(/^(?:\u00ef\u00bb\u00bf)?\s*/, '');
}

function secretsIn(url: string): string[] {
  const { searchParams } = new URL(url);
  return SECRET_PARAMETERS.flatMap((name) => searchParams.getAll(name));
}
