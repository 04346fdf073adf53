import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/set-up/root.mjs';

const require = createRequire(join(root, 'bench', 'package.json'));

/** Of everything that takes part. */
export function versions() {
  const redis = /v=(\S+)/.exec(execFileSync('redis-server', ['--version'], { encoding: 'utf8' }))?.[1];
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'bench', 'package.json'), 'utf8'));
  return {
    zhongkong: version,
    node: process.versions.node,
    redis,
    ...Object.fromEntries(Object.keys(devDependencies).map((name) => [name, versionOf(name)])),
  };
}

function versionOf(name) {
  let folder = dirname(require.resolve(name));
  for (;;) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      if (manifest.name === name) return manifest.version;
    } catch {
      // Not the folder of the package yet.
    }
    folder = dirname(folder);
  }
}
