import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';
import { runStep } from './run-step.mjs';

const sdk = join(root, 'client-sdk');
/** Where tsc has put its output. */
const dist = join(sdk, 'dist');
const ADAPTERS = ['axios', 'co-wechat-api', 'fetch', 'got', 'node-easywechat'];
const ENTRIES = {
  index: './index.js',
  ...Object.fromEntries(ADAPTERS.map((name) => [name, `./adapters/${name}.js`])),
};
const BUNDLE = [
  '--bundle',
  '--platform=node',
  '--target=node20.20',
  '--log-level=warning',
  '--legal-comments=none',
];

/**
 * Makes from tsc's output what is published, with what the SDK uses of `@zhongkong/shared` inside:
 * - `dist/cjs`: CommonJS, one file of code that all entries share, and the types
 * - `dist/import`: for `import` in Node.js; hands on the very same CommonJS code, so that there is one WeixinError
 * - `dist/esm`: ES modules for bundlers, which shake out what is not used
 */
export async function buildSdk() {
  for (const folder of ['cjs', 'import', 'esm']) rmSync(join(dist, folder), { recursive: true, force: true });
  await bundleCommonJs();
  await bundleEsm();
  copyTypes();
  const core = await import(`${pathToFileURL(join(dist, 'cjs', 'core.js')).href}?${Date.now()}`);
  for (const name of Object.keys(ENTRIES)) {
    writeEntry(name, Object.keys(core.default[identifier(name)]).sort());
  }
}

async function bundleCommonJs() {
  const core = join(dist, 'core.js');
  const lines = Object.entries(ENTRIES).map(
    ([name, path]) => `export * as ${identifier(name)} from '${path}';`,
  );
  writeFileSync(core, `${lines.join('\n')}\n`);
  const outfile = join(dist, 'cjs', 'core.js');
  await esbuild('CommonJS', [core, '--format=cjs', `--outfile=${outfile}`]);
  rmSync(core);
  write(join(dist, 'cjs', 'package.json'), '{ "type": "commonjs" }\n');
}

async function bundleEsm() {
  const entries = Object.entries(ENTRIES).map(([name, path]) => `${name}=${join(dist, path)}`);
  const flags = [
    '--format=esm',
    '--splitting',
    '--chunk-names=shared-[hash]',
    `--outdir=${join(dist, 'esm')}`,
  ];
  await esbuild('ES modules', [...entries, ...flags]);
}

async function esbuild(what, args) {
  const command = join(root, 'node_modules', '.bin', 'esbuild');
  await runStep({ title: `bundling the SDK: ${what}`, command, args: [...args, ...BUNDLE] });
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
