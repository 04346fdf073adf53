import type { RouteDoc } from './route-doc.js';

const SERVER = 'http://127.0.0.1:7200';
const LINE_MAX = 100;
const EXAMPLES: Readonly<Record<string, string>> = {
  appId: 'wx0123456789abcdef',
  type: 'jsapi',
  path: 'cgi-bin/getcallbackip',
};

/** A call of the route that can be copied into a shell; the client key is in the variable KEY. */
export function curlOf({ path, access, example = {} }: RouteDoc, method: string): string {
  const { query, body, curl } = example;
  const filled = path.replace(/\{(\w+)\}/g, (_match, name: string) => EXAMPLES[name] ?? name);
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

/** For the shell; the variable KEY is the only thing that it looks into. */
function quoted(text: string): string {
  return `'${text.replaceAll('$KEY', `'"$KEY"'`)}'`.replace(/''$/, '');
}
