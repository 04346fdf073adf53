import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from './examples.js';

/** Where `npm test` puts programs that it unpacks for tests, where the PATH looks, and where daemons lie. */
const FOLDERS = [
  join(ROOT, 'node_modules', '.zhongkong-tools'),
  ...(process.env.PATH ?? '').split(delimiter),
  '/usr/sbin',
];

/** The path of a program; undefined when it is nowhere. */
export function findTool(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
