import type { ApiCall } from '../call.js';
import { toWireNames } from './names.js';
import { type LoadedFile, loadFile } from './upload-file.js';

/** A body that can be sent as often as it takes. */
export interface WireBody {
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a call goes: the query in its path, and over it its own. @throws TypeError */
export function toUrl(baseUrl: string, { api, path, query = {}, convertNames = true }: ApiCall): URL {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`);
  url.hash = '';
  const named = convertNames ? toWireNames({ ...query }) : query;
  for (const [name, value] of Object.entries(named as Record<string, unknown>)) {
    if (value === undefined || value === null) continue;
    if (typeof value === 'object' || typeof value === 'function')
      throw new TypeError(`${api}: ${name} cannot stand in a query; give a string, a number or a boolean`);
    url.searchParams.set(name, String(value));
  }
  return url;
}

/** @throws TypeError when what is to be sent cannot be written as JSON, or is no file */
export async function toBody({ api, json, file, fields, convertNames = true }: ApiCall): Promise<WireBody> {
  if (file !== undefined) {
    const loaded = await loadFile(`${api}: ${file.field}`, file.content);
    return toMultipart(file.field, loaded, fields);
  }
  if (json === undefined) return {};
  return { body: toJson(json, convertNames), headers: { 'content-type': 'application/json' } };
}

/** As Node's own fetch writes a form, but as one piece. */
async function toMultipart(
  field: string,
  { bytes, contentType, fileName }: LoadedFile,
  fields: Readonly<Record<string, string>> = {},
): Promise<WireBody> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append(field, new Blob([bytes], { type: contentType }), fileName);
  const written = new Response(form);
  const type = written.headers.get('content-type') ?? '';
  return { body: new Uint8Array(await written.arrayBuffer()), headers: { 'content-type': type } };
}

/**
 * JSON in raw UTF-8: WeChat refuses `\u` escapes (40033). JSON.stringify makes one only of half a surrogate pair, such
 * as an emoji that was cut in two, so those are replaced.
 */
function toJson(value: unknown, convertNames: boolean): string {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'string' ? item.replace(LONE_SURROGATE, '\ufffd') : item,
  );
  // Names are changed in what would be sent, so that instances of classes are treated as the objects they become.
  return convertNames ? JSON.stringify(toWireNames(JSON.parse(text))) : text;
}

const LONE_SURROGATE = /\p{Surrogate}/gu;
