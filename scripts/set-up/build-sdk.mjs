import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

const sdk = join(root, 'client-sdk');
/** Where tsc has put its output. */
const dist = join(sdk, 'dist');
const ADAPTERS = ['axios', 'co-wechat-api', 'fetch', 'got', 'node-easywechat'];
const ENTRIES = {
  index: './index.js',
  ...Object.fromEntries(ADAPTERS.map((name) => [name, `./adapters/${name}.js`])),
};
const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node20.20',
  logLevel: 'warning',
  legalComments: 'none',
};

/**
 * Makes from tsc's output what is published, with what the SDK uses of `@zhongkong/shared` inside:
 * - `dist/cjs`: CommonJS, one file of code that all entries share, and the types
 * - `dist/import`: for `import` in Node.js; hands on the very same CommonJS code, so that there is one WeixinError
 * - `dist/esm`: ES modules for bundlers, which shake out what is not used
 */
export async function buildSdk() {
  for (const folder of ['cjs', 'import', 'esm']) rmSync(join(dist, folder), { recursive: true, force: true });
  process.stdout.write('zhongkong: bundling the SDK\n');
  // Loaded here, so that the set-up of a fresh clone can begin without any package.
  const esbuild = await import('esbuild');
  await bundleCommonJs(esbuild);
  await bundleEsm(esbuild);
  // Its helper process would live as long as this one, which goes on to serve.
  await esbuild.stop();
  copyTypes();
  const core = await import(`${pathToFileURL(join(dist, 'cjs', 'core.js')).href}?${Date.now()}`);
  for (const name of Object.keys(ENTRIES)) {
    writeEntry(name, Object.keys(core.default[identifier(name)]).sort());
  }
}

async function bundleCommonJs({ build }) {
  const lines = Object.entries(ENTRIES).map(
    ([name, path]) => `export * as ${identifier(name)} from '${path}';`,
  );
  const stdin = { contents: lines.join('\n'), resolveDir: dist, sourcefile: 'core.js' };
  await build({ ...OPTIONS, stdin, format: 'cjs', outfile: join(dist, 'cjs', 'core.js') });
  write(join(dist, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}

async function bundleEsm({ build }) {
  const entryPoints = Object.fromEntries(
    Object.entries(ENTRIES).map(([name, path]) => [name, join(dist, path)]),
  );
  const outdir = join(dist, 'esm');
  await build({
    ...OPTIONS,
    entryPoints,
    format: 'esm',
    splitting: true,
    chunkNames: 'shared-[hash]',
    outdir,
  });
}

function writeEntry(name, values) {
  const core = `require('./core.js').${identifier(name)}`;
  const exported = values.map((value) => `exports.${value} = entry.${value};`);
  write(join(dist, 'cjs', `${name}.js`), `'use strict';\n\nconst entry = ${core};\n${exported.join('\n')}\n`);
  const imported = `import entry from '../cjs/${name}.js';\n\nexport const { ${values.join(', ')} } = entry;\n`;
  write(join(dist, 'import', `${name}.js`), imported);
  write(join(dist, 'import', `${name}.d.ts`), `export * from '../cjs/${name}.js';\n`);
  if (name !== 'index') write(join(dist, 'cjs', `${name}.d.ts`), `export * from '${ENTRIES[name]}';\n`);
}

/** The types that an entry leads to, and no others. */
function copyTypes() {
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(path, 'utf8').replace(/\n\/\/# sourceMappingURL=.*/, '');
    if (text.includes('@zhongkong/'))
      throw new Error(
        `${relative(root, path)}: a public type of the SDK needs another package of this project`,
      );
    write(join(dist, 'cjs', relative(dist, path)), text);
    for (const [, target] of text.matchAll(/(?:from|import\() ?["'](\.[^"']+)\.js["']/g))
      visit(join(dirname(path), `${target}.d.ts`));
  };
  for (const path of Object.values(ENTRIES)) visit(join(dist, path.replace(/\.js$/, '.d.ts')));
}

function identifier(name) {
  return name.replaceAll('-', '_');
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
