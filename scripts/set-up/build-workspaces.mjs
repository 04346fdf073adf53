import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildConsole } from './build-console.mjs';
import { buildSdk } from './build-sdk.mjs';
import { root } from './root.mjs';
import { runStep } from './run-step.mjs';
import { isStamped, stamp } from './stamp.mjs';

const CONSOLE = 'token-server/console';

/** Builds every workspace, unless no source has changed since and all that was built is still there. */
export async function buildWorkspaces() {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // The benchmarks are plain JavaScript, and the console is bundled into the server.
  const isBuilt = (name) => name !== CONSOLE && existsSync(join(root, name, 'tsconfig.json'));
  const workspaces = manifest.workspaces.filter(isBuilt);
  const state = sourceState(workspaces);
  const built = workspaces.map((workspace) => join(root, workspace, 'dist'));
  const stampIn = (dist) => join(dist, '.zhongkong-build');
  if (built.every((dist) => isStamped(stampIn(dist), `${state} ${fileCount(dist)}`))) return;
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  // tsc trusts its own notes of what it has written, and would not write removed files again.
  const force = built.some((dist) => fileCount(dist) < stampedCount(stampIn(dist))) ? ['--force'] : [];
  await runStep({ title: 'building', command: process.execPath, args: [tsc, '-b', ...force] });
  await buildSdk();
  await buildConsole();
  for (const dist of built) stamp(stampIn(dist), `${state} ${fileCount(dist)}`);
}

/** Without hidden files, such as the stamp itself. */
function fileCount(dist) {
  if (!existsSync(dist)) return 0;
  return readdirSync(dist, { recursive: true }).filter((path) => !basename(path).startsWith('.')).length;
}

function stampedCount(path) {
  return existsSync(path) ? Number(readFileSync(path, 'utf8').split(' ')[1] ?? 0) : 0;
}

/** Changes when a source file does: names, sizes and times are enough, and quick to read. */
function sourceState(workspaces) {
  const hash = createHash('sha256').update(process.versions.node);
  const files = [
    'tsconfig.base.json',
    'package-lock.json',
    ...workspaces.flatMap(filesOf),
    ...filesIn('examples', 'nestjs'),
    ...filesIn(...CONSOLE.split('/'), 'src'),
    join(CONSOLE, 'index.html'),
    join(CONSOLE, 'vite.config.mjs'),
  ];
  for (const file of files) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file}\n${size}\n${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesOf(workspace) {
  return [join(workspace, 'package.json'), join(workspace, 'tsconfig.json'), ...filesIn(workspace, 'src')];
}

function filesIn(...folder) {
  return readdirSync(join(root, ...folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}
