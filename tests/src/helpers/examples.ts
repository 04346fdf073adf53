import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export function readDoc(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}

/** The code blocks of a page that are marked `<!-- example: name -->`, by name, without their indentation. */
export function examplesOf(path: string): Map<string, string> {
  const marked = /<!-- example: (\w+) -->\n( *)```\w+\n([\s\S]*?)\n *```/g;
  return new Map(
    [...readDoc(path).matchAll(marked)].map(([, name = '', indent = '', code = '']) => [
      name,
      code.replace(new RegExp(`^${indent}`, 'gm'), ''),
    ]),
  );
}
