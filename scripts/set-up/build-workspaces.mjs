import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSdk } from './build-sdk.mjs';
import { root } from './root.mjs';
import { runStep } from './run-step.mjs';
import { isStamped, stamp } from './stamp.mjs';

/** Builds every workspace, unless no source has changed since. */
export async function buildWorkspaces() {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const state = sourceState(workspaces);
  const stamps = workspaces.map((workspace) => join(root, workspace, 'dist', '.zhongkong-build'));
  if (stamps.every((path) => isStamped(path, state))) return;
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  await runStep({ title: 'building', command: tsc, args: ['-b'] });
  await buildSdk();
  for (const path of stamps) stamp(path, state);
}

/** Changes when a source file does: names, sizes and times are enough, and quick to read. */
function sourceState(workspaces) {
  const hash = createHash('sha256').update(process.versions.node);
  const files = ['tsconfig.base.json', 'package-lock.json', ...workspaces.flatMap(filesOf)];
  for (const file of files) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file}\n${size}\n${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesOf(workspace) {
  const sources = readdirSync(join(root, workspace, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length));
  return [join(workspace, 'package.json'), join(workspace, 'tsconfig.json'), ...sources.sort()];
}
