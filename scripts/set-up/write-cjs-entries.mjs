import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

/**
 * Gives each entry of the built SDK a CommonJS twin, which hands on the very same ES module: Node requires it from
 * 20.19 on. Its types are those of the ES module, too, so a class is one class for both. TypeScript would take the ES
 * module's own types for a mistake in a file that requires.
 */
export async function writeCjsEntries() {
  const sdk = join(root, 'client-sdk');
  const { exports } = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8'));
  for (const { import: esm, require: cjs } of Object.values(exports)) {
    const module = `./${basename(esm.default)}`;
    const values = await import(pathToFileURL(join(sdk, esm.default)).href);
    writeIfOther(join(sdk, cjs.default), `'use strict';\n\nmodule.exports = require('${module}');\n`);
    writeIfOther(join(sdk, cjs.types), typesOf(module, values));
  }
}

function typesOf(module, values) {
  const from = `from '${module}' with { 'resolution-mode': 'import' };`;
  const lines = Object.entries(values).flatMap(([name, value]) => [
    `export declare const ${name}: typeof module.${name};`,
    ...(isClass(value) ? [`export type ${name} = module.${name};`] : []),
  ]);
  return [`import type * as module ${from}`, `export type * ${from}`, ...lines, ''].join('\n');
}

function isClass(value) {
  return typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class');
}

function writeIfOther(path, text) {
  if (textIn(path) !== text) writeFileSync(path, text);
}

function textIn(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
