import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { root } from './root.mjs';

const PACKAGE = '@zhongkong/shared';
const sdk = join(root, 'client-sdk', 'dist');
const target = join(sdk, 'shared');

/**
 * Makes the built SDK stand alone: `@zhongkong/shared` is on no registry, so what it holds for the SDK is laid into
 * `client-sdk/dist/shared`, and imports point there. The contract's schemas, and zod with them, stay out. A second run
 * changes nothing; tsc writes anew only what it compiles anew.
 */
export function vendorShared() {
  const source = join(root, 'shared', 'dist');
  rmSync(target, { recursive: true, force: true });
  cpSync(source, target, { recursive: true, filter: (path) => isWanted(relative(source, path)) });
  for (const entry of readdirSync(sdk, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /(?<!\.test)\.(js|d\.ts)$/.test(entry.name))
      standAlone(join(entry.parentPath, entry.name));
  }
}

function isWanted(path) {
  return !path.startsWith('contract') && !path.startsWith('.') && !/\.(test\.|map$)/.test(path);
}

function standAlone(path) {
  const text = readFileSync(path, 'utf8');
  const way = relative(dirname(path), join(target, 'index.js')).split(sep).join('/');
  const changed = text
    .replaceAll(`'${PACKAGE}'`, `'${way.startsWith('.') ? way : `./${way}`}'`)
    // The maps stay here, with the sources that they speak of.
    .replace(/\n\/\/# sourceMappingURL=.*/, '');
  if (changed.includes(`'${PACKAGE}`))
    throw new Error(`${relative(root, path)} imports more of ${PACKAGE} than the SDK may ship`);
  if (changed !== text) writeFileSync(path, changed);
}
