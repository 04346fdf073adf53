import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';

/** What `npm run build` has made of token-server/console; its page is `index.html`. */
const FOLDER = fileURLToPath(new URL('../../dist/console-page/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

type Encoding = 'br' | 'gzip' | 'identity';

export interface Asset {
  readonly type: string;
  readonly body: Readonly<Record<Encoding, Buffer>>;
}

/** Name → file. @returns empty when the console was not built */
export function readAssets(folder = FOLDER): ReadonlyMap<string, Asset> {
  try {
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const files = paths.filter((path) => extname(path) in TYPES);
    return new Map(files.map((path) => [path.split(/[\\/]/).at(-1) ?? '', readAsset(join(folder, path))]));
  } catch {
    return new Map();
  }
}

function readAsset(path: string): Asset {
  const identity = readFileSync(path);
  return {
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    body: { identity, br: brotliCompressSync(identity), gzip: gzipSync(identity) },
  };
}
