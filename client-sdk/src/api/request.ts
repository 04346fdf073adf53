import type { Call } from './call.js';
import { checkArguments, type Kinds } from './check-arguments.js';
import type { CallOptions, WeixinAnswer, WeixinResult } from './weixin-types.js';
import type { UploadFile } from './wire/upload-file.js';

/** A call of any API. Names are in camelCase, at every depth; what lies under `data` is left alone. */
export interface WeixinRequest extends CallOptions {
  /** @defaultValue 'GET' */
  readonly method?: 'GET' | 'POST' | undefined;
  /** With its leading slash: `/wxa/msg_sec_check`. A query in it is sent as it stands. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  /** The body, as JSON. */
  readonly json?: object | undefined;
  /** The body, as a form with one file. `field` is the part's name. @defaultValue field 'media' */
  readonly file?: (UploadFile & { readonly field?: string | undefined }) | undefined;
  /** Further fields of that form, sent as they are. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether the call may be sent again when it is not known what became of it: the network failed, or WeChat was
   * busy. @defaultValue true for GET, false for POST
   */
  readonly safeToRepeat?: boolean | undefined;
  /** `false` for the few APIs whose own names are camelCase, or that take a body of yours: names stay as they are. @defaultValue true */
  readonly convertNames?: boolean | undefined;
}

/**
 * Any API of WeChat. The content of the answer decides what the result is: JSON, or a file as `{ buffer, contentType }`.
 * @throws WeixinError when WeChat answers with a fault, TokenServerError when there is no token
 */
export type Request = <Result extends object = WeixinAnswer>(
  request: WeixinRequest,
) => Promise<WeixinResult & Result>;

const KINDS: Kinds<WeixinRequest> = {
  path: 'text',
  method: 'text?',
  query: 'object?',
  file: 'object?',
  fields: 'object?',
  convertNames: 'boolean?',
  safeToRepeat: 'boolean?',
  accessToken: 'text?',
};

export function createRequest(call: Call): Request {
  return async (request) => {
    checkArguments('request', request, KINDS);
    const { method = 'GET', path, json, file } = request;
    if (method !== 'GET' && method !== 'POST') throw new TypeError('request: method must be GET or POST');
    if (json !== undefined && (typeof json !== 'object' || json === null))
      throw new TypeError('request: json must be an object or a list');
    const hasBody = json !== undefined || file !== undefined;
    if (method === 'GET' && hasBody) throw new TypeError('request: give method POST to send a body');
    if (json !== undefined && file !== undefined)
      throw new TypeError('request: give either json or file; further fields of a form are in fields');
    const part = file && { field: file.field ?? 'media', content: file };
    return call({ ...request, file: part, api: nameOf(path), method });
  };
}

/** Errors name the path alone: a query may hold what is secret. */
function nameOf(path: string): string {
  return path.split(/[?#]/, 1)[0] ?? '';
}
