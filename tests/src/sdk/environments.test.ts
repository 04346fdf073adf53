import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build, stop } from 'esbuild';
import { runFile } from '../helpers/child-script.js';
import { eventually } from '../helpers/eventually.js';
import { ROOT } from '../helpers/examples.js';
import { installPacked, packSdk } from '../helpers/packed-sdk.js';
import { startScriptedServer } from '../helpers/scripted-server.js';
import { tempFolder } from '../helpers/temp-folder.js';

const run = promisify(execFile);

/** Its packages are installed once, while other tests run; Express, Koa and NestJS come from the root. */
const ENVIRONMENTS = join(ROOT, 'tests', 'environments');
const installed = (path: string) => join(ENVIRONMENTS, 'node_modules', path);

/** A project that has the packed SDK, and finds everything else above itself. */
mkdirSync(join(ENVIRONMENTS, 'dist'), { recursive: true });
const project = mkdtempSync(join(ENVIRONMENTS, 'dist', 'project-'));
installPacked(packSdk(project), project);
cpSync(join(ROOT, 'examples', 'nestjs', 'weixin.module.ts'), join(project, 'nestjs', 'weixin.module.ts'));
for (const folder of ['programs', 'nestjs', 'egg', 'next'])
  cpSync(join(ENVIRONMENTS, folder), join(project, folder), { recursive: true });
writeFileSync(join(project, 'package.json'), '{ "private": true }');
const INSTALL_MS = 300_000;
beforeAll(() => run(process.execPath, [join(ROOT, 'scripts', 'install-environments.mjs')]), INSTALL_MS);
afterAll(async () => {
  await stop();
  rmSync(project, { recursive: true, force: true });
});

/** Runs a program of Node.js with a token server beside it. @returns what it printed */
async function node(args: string[], cwd = project): Promise<string> {
  const server = await startScriptedServer();
  const env = {
    PATH: process.env.PATH,
    HOME: project,
    TOKEN_SERVER: server.url,
    CI: 'true',
    NEXT_TELEMETRY_DISABLED: '1',
  };
  try {
    const { stdout, stderr } = await run(process.execPath, args, { cwd, env, timeout: 60_000 });
    return stdout + (args.some((arg) => /jest|vitest/.test(arg)) ? stderr : '');
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

const PROGRAM_MS = 60_000;

describe('the packed SDK is at home in', () => {
  it.each([
    ['Express', ['programs/express.js']],
    ['Koa', ['programs/koa.js']],
    ['Fastify', ['programs/fastify.js']],
    ['worker threads', ['programs/worker.js']],
    ['a cluster, as PM2 makes one', ['programs/cluster.js']],
  ])(
    '%s, and the process ends by itself',
    async (_name, args) => {
      expect(await node(args)).toContain('token-1\n');
    },
    PROGRAM_MS,
  );

  it(
    'Egg, as a plugin',
    async () => {
      expect(await node(['egg/start.js'])).toContain('token-1\n');
    },
    PROGRAM_MS,
  );

  it(
    'Next.js, in a route handler, built for production',
    async () => {
      const folder = join(project, 'next');
      await node([installed('next/dist/bin/next'), 'build'], folder);
      expect(await node(['start.js'], folder)).toContain('token-1\n');
    },
    PROGRAM_MS,
  );

  it(
    'NestJS, as a module, compiled by tsc to CommonJS',
    async () => {
      await node([installed('typescript/bin/tsc'), '-p', 'nestjs']);
      expect(await node(['nestjs/built/main.js'])).toBe('token-1\n');
    },
    PROGRAM_MS,
  );

  it.each([
    ['Jest 29, CommonJS, without a flag', installed('jest/bin/jest.js'), 'programs/jest.test.js', {}],
    [
      'Jest 30, CommonJS, without a flag',
      join(ROOT, 'node_modules/jest/bin/jest.js'),
      'programs/jest.test.js',
      {},
    ],
    ['ts-jest', installed('jest/bin/jest.js'), 'programs/ts-jest.test.ts', { preset: 'ts-jest' }],
  ])(
    '%s',
    async (_name, jest, test, config) => {
      const options = { rootDir: project, haste: { forceModuleMap: false }, ...config };
      const printed = await node([jest, test, '--config', JSON.stringify(options), '--watchman=false']);
      expect(printed).toMatch(/Tests: +\d passed, \d total/);
      expect(printed).not.toMatch(/did not exit|open handle/);
    },
    PROGRAM_MS,
  );

  it(
    'vitest',
    async () => {
      const printed = await node([installed('vitest/vitest.mjs'), 'run', 'programs/vitest.spec.mjs']);
      expect(printed).toContain('1 passed');
    },
    PROGRAM_MS,
  );

  it('node --watch, which leaves no stream behind', async () => {
    const server = await startScriptedServer();
    const file = join(project, 'programs', 'watched.mjs');
    const child = runFile(['--watch', file], { TOKEN_SERVER: server.url });
    const nextStream = async () => {
      for (let line = ''; line !== 'streaming'; ) line = await child.nextLine();
      await eventually('one stream', () => server.streams.size === 1);
    };
    await nextStream();
    appendFileSync(file, '\n');
    await nextStream();
    // It passes the signal on to the program.
    child.process.kill('SIGTERM');
    await child.ended;
    await eventually('no stream', () => server.streams.size === 0);
  });
});

/** A bundle runs alone: in a folder without packages. */
function runAlone(bundle: string, name: string): Promise<string> {
  const folder = tempFolder();
  cpSync(bundle, join(folder, name));
  return node([name], folder);
}

describe('the packed SDK can be bundled by', () => {
  const out = (name: string) => join(project, 'bundles', name);

  it.each([
    ['CommonJS', 'cjs', 'plain.cjs'],
    ['an ES module', 'esm', 'plain.mjs'],
    ['an ES module, of a program that requires it', 'esm', 'plain.cjs'],
  ] as const)('esbuild into %s', async (_name, format, program) => {
    const bundle = `bundle.${format === 'esm' ? 'mjs' : 'cjs'}`;
    const outfile = out(`esbuild-${program}-${bundle}`);
    const entryPoints = [join(project, 'programs', program)];
    await build({ bundle: true, platform: 'node', logLevel: 'silent', entryPoints, outfile, format });
    expect(await runAlone(outfile, bundle)).toBe('token-1\n');
  });

  it(
    'webpack',
    async () => {
      const config = {
        mode: 'production',
        target: 'node',
        entry: './programs/plain.cjs',
        output: { path: out(''), filename: 'webpack.cjs' },
      };
      const script = `require('webpack')(${JSON.stringify(config)}, (error, stats) => {
        if (error || stats.hasErrors()) throw error ?? new Error(stats.toString());
      })`;
      await node(['-e', script]);
      expect(await runAlone(out('webpack.cjs'), 'bundle.cjs')).toBe('token-1\n');
    },
    PROGRAM_MS,
  );

  it(
    'rollup, without what is not used',
    async () => {
      const script = `const { rollup } = require('rollup');
      const { nodeResolve } = require('@rollup/plugin-node-resolve');
      rollup({ input: 'programs/plain.mjs', external: /^node:/, plugins: [nodeResolve()] })
        .then((bundle) => bundle.write({ file: ${JSON.stringify(out('rollup.mjs'))} }));`;
      await node(['-e', script]);
      expect(await runAlone(out('rollup.mjs'), 'bundle.mjs')).toBe('token-1\n');
    },
    PROGRAM_MS,
  );

  it(
    'ncc',
    async () => {
      await node([installed('@vercel/ncc/dist/ncc/cli.js'), 'build', 'programs/plain.cjs', '-o', out('ncc')]);
      expect(await runAlone(out('ncc/index.cjs'), 'bundle.cjs')).toBe('token-1\n');
    },
    PROGRAM_MS,
  );
});

describe('the packed SDK has types for', () => {
  it.each([
    ['typescript-5.0', 'commonjs', 'node'],
    ['typescript', 'nodenext', 'nodenext'],
    ['typescript', 'esnext', 'bundler'],
  ])(
    '%s with module %s and moduleResolution %s, without skipLibCheck',
    async (compiler, module, resolution) => {
      const flags = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node', '--esModuleInterop'];
      const args = [...flags, '--module', module, '--moduleResolution', resolution, 'programs/types.ts'];
      expect(await node([installed(`${compiler}/bin/tsc`), ...args])).toBe('');
    },
    PROGRAM_MS,
  );
});
