import { join } from 'node:path';
import { root } from './root.mjs';

const dist = join(root, 'token-server', 'dist');
/** Packages that are CommonJS call `require`, which an ES module has to make for itself. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`;

/**
 * Makes one file of the server and all its packages, since loading a thousand files takes most of the time of a start.
 * For tests, which start it hundreds of times; it is not published, because it holds other people's code.
 * @returns the file, which takes the arguments of `zhongkong`
 */
export async function bundleServer() {
  const { build, stop } = await import('esbuild');
  // Hidden, so that it is not taken for a part of the build.
  const outfile = join(dist, '.zhongkong-for-tests.js');
  const start = `import { run } from './cli/run.js'; await run(process.argv.slice(2));`;
  await build({
    stdin: { contents: start, resolveDir: dist },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.20',
    format: 'esm',
    // The main file of some packages is UMD, whose `require` no bundler sees.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    logLevel: 'error',
  });
  await stop();
  return outfile;
}
