import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const OF_JEST = /import \{([^}]*)\} from '@jest\/globals';/g;

/**
 * Makes plain JavaScript of test files and of our sources that they import; what several of them import exists once.
 * Packages stay where they are.
 * @param {string[]} files absolute paths of the entries
 * @param {string} outdir a folder inside the repository, so that packages are found
 */
export async function bundleTests(files, outdir) {
  await build({
    entryPoints: files,
    outdir,
    outbase: root,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20.20',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'error',
    plugins: [{ name: 'zhongkong', setup }],
  });
}

/** The file that {@link bundleTests} made of an entry. */
export function bundleOf(file, outdir) {
  return join(outdir, relative(root, file).replace(/\.ts$/, '.js'));
}

function setup({ onResolve, onLoad, resolve: resolveAsEsbuild }) {
  // A workspace's name leads to its sources, so a test never runs a stale build.
  onResolve({ filter: /^@zhongkong\// }, ({ path }) => ({ path: join(root, sourceOf(path)) }));
  onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, pluginData }) => {
    if (kind === 'entry-point' || pluginData === 'ours') return undefined;
    const own = ownPackage(path, importer);
    if (own === null) return { path, external: true };
    const options = { kind, resolveDir: dirname(importer), pluginData: 'ours' };
    const found = await resolveAsEsbuild(path, options);
    return { path: pathToFileURL(found.path).href, external: true };
  });
  onLoad({ filter: /\.ts$/ }, async ({ path }) => {
    const code = await readFile(path, 'utf8');
    const contents = code
      // Where it stands, not where the bundle stands; what it resolves is found from there as well.
      .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
      // Jest gives every test file its own.
      .replace(OF_JEST, 'const {$1} = globalThis;');
    return { contents, loader: 'ts' };
  });
}

function sourceOf(specifier) {
  const [, name, folder] = specifier.split('/');
  if (folder === undefined) return join(name, 'src', 'index.ts');
  return name === 'client-sdk'
    ? join(name, 'src', 'adapters', `${folder}.ts`)
    : join(name, 'src', folder, 'index.ts');
}

/** A package that the importer's workspace has for itself, in a version of its own. */
function ownPackage(specifier, importer) {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const [workspace] = relative(root, importer).split(sep);
  const folder = resolve(root, workspace, 'node_modules', name);
  return existsSync(folder) ? folder : null;
}
