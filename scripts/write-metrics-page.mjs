// Writes the tables of docs/metrics.md anew. Build first: it reads the built server.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './set-up/root.mjs';

const path = join(root, 'docs', 'metrics.md');
const built = join(root, 'token-server', 'dist', 'testing', 'index.js');
const { metricsTables } = await import(pathToFileURL(built).href);
const { own, ofProcess } = await metricsTables();
const put = (text, name, table) =>
  text.replace(
    new RegExp(`(<!-- table: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`),
    (_, begin, end) => `${begin}${table}\n${end}`,
  );
writeFileSync(path, put(put(readFileSync(path, 'utf8'), 'own', own), 'process', ofProcess));
process.exit();
