// Writes the table of docs/doctor.md anew. Build first: it reads the built server.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './set-up/root.mjs';

const path = join(root, 'docs', 'doctor.md');
const built = join(root, 'token-server', 'dist', 'testing', 'index.js');
const { checksTable } = await import(pathToFileURL(built).href);
const page = readFileSync(path, 'utf8');
writeFileSync(
  path,
  page.replace(
    /(<!-- table: checks -->\n)[\s\S]*?(<!-- end -->)/,
    (_, begin, end) => `${begin}${checksTable()}\n${end}`,
  ),
);
process.exit();
