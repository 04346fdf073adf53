import { pathInDoc } from './document-paths.js';
import type { DocMethod, RouteDoc } from './openapi-types.js';

const SERVER = 'http://127.0.0.1:7200';
const LINE_MAX = 100;
const EXAMPLES: Readonly<Record<string, string>> = {
  appId: 'wx0123456789abcdef',
  type: 'jsapi',
  path: 'cgi-bin/getcallbackip',
};

/** A call of the route to copy into a shell; the client key is in the variable KEY. */
export function curlOf({ path, access, example = {} }: RouteDoc, method: DocMethod): string {
  const { query, body, curl } = example;
  const filled = pathInDoc(path).replace(/\{(\w+)\}/g, (_match, name: string) => EXAMPLES[name] ?? name);
  const options = [
    ...(curl === undefined ? [] : [curl]),
    ...(method === 'get' || (method === 'post' && body !== undefined) ? [] : [`-X ${method.toUpperCase()}`]),
    ...(access === 'no key' || access === 'key as secret' ? [] : ['-H "Authorization: Bearer $KEY"']),
    ...(body === undefined
      ? []
      : ["-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`]),
    quoted(`${SERVER}${filled}${query === undefined ? '' : `?${query}`}`),
  ];
  const line = `curl ${options.join(' ')}`;
  return line.length <= LINE_MAX ? line : `curl ${options.join(' \\\n  ')}`;
}

/** Quoted for the shell, which replaces nothing but the variable KEY. */
function quoted(text: string): string {
  return `'${text.replaceAll('$KEY', `'"$KEY"'`)}'`.replace(/''$/, '');
}
