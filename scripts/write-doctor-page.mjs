// Writes the tables of docs/doctor.md and its Chinese twin anew. Build first: it reads the built server.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './set-up/root.mjs';

const built = join(root, 'token-server', 'dist', 'testing', 'index.js');
const { checksTable } = await import(pathToFileURL(built).href);
for (const [language, name] of [
  ['en', 'doctor.md'],
  ['zh', 'doctor.zh-CN.md'],
]) {
  const path = join(root, 'docs', name);
  const page = readFileSync(path, 'utf8');
  const put = (_, begin, end) => `${begin}${checksTable(language)}\n${end}`;
  writeFileSync(path, page.replace(/(<!-- table: checks -->\n)[\s\S]*?(<!-- end -->)/, put));
}
process.exit();
