import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { validate as lintDockerfile } from 'dockerfile-utils';
import { ROOT, readDoc } from '../helpers/examples.js';
import { startPlatform } from '../helpers/fixtures.js';
import { freePort } from '../helpers/free-port.js';
import { startServer } from '../helpers/test-server.js';

const { version, workspaces, engines } = JSON.parse(readDoc('package.json'));
const DOCKERFILE = readDoc('deploy/docker/Dockerfile');

describe('the Dockerfile', () => {
  const from = [...DOCKERFILE.matchAll(/^FROM (.*)$/gm)].map(([, rest = '']) => rest);
  const last = DOCKERFILE.slice(DOCKERFILE.lastIndexOf('\nFROM '));
  const copied = [...DOCKERFILE.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = '']) =>
    paths.split(' '),
  );

  it('has no fault that a linter knows', () => {
    const found = lintDockerfile(DOCKERFILE).map(
      ({ message, range }) => `${range.start.line + 1} ${message}`,
    );
    expect(found).toEqual([]);
  });

  it('is built on one pinned Node.js that the packages support, and names the version of the packages', () => {
    const [, image = ''] = /^ARG NODE_IMAGE=(\S+)$/m.exec(DOCKERFILE) ?? [];
    const [, major = ''] = /^node:(\d+)\.\d+\.\d+-bookworm-slim$/.exec(image) ?? [];
    expect(engines.node).toContain(`>=${major}`);
    const names = ['manifests', 'build', 'packages'];
    const bases = from.map((rest) => rest.replace(/^--platform=\S+ /, '').split(' ')[0]);
    const foreign = bases.filter((base = '') => base !== `\${NODE_IMAGE}` && !names.includes(base));
    expect(foreign).toEqual([]);
    expect(DOCKERFILE).toContain(`image.version="${version}"`);
  });

  it('starts the server without npm, as a user that is not root, and checks its health without curl', () => {
    expect(last).toMatch(/^USER 1000:1000$/m);
    expect(last).toMatch(
      /^ENTRYPOINT \["node", "\/app\/token-server\/bin\/zhongkong.js"\]\nCMD \["serve"\]$/m,
    );
    expect(last).toMatch(/^HEALTHCHECK .*CMD \["node", "\/app\/healthcheck.mjs"\]$/m);
    expect(last).not.toMatch(/npm (ci|install|run|start)/);
  });

  it('knows every workspace, and copies only what is there and what is sent to the builder', () => {
    for (const name of workspaces) expect(copied).toContain(`${name}/package.json`);
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    const ignore = readDoc('deploy/docker/Dockerfile.dockerignore');
    const sent = [...ignore.matchAll(/^!(.*)$/gm)].map(([, path = '']) => path);
    const isSent = (path: string) => sent.some((entry) => path === entry || path.startsWith(`${entry}/`));
    expect(copied.filter((path) => !isSent(path))).toEqual([]);
    const fromStages = [...last.matchAll(/^COPY --from=\S+ (.*) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    expect(fromStages.filter((path) => !path.startsWith('/build'))).toEqual([]);
  });

  it('copies every package that the server needs at run time', () => {
    const need = (name: string): string[] => {
      const { dependencies = {} } = JSON.parse(readDoc(`${name}/package.json`));
      const own = Object.keys(dependencies).flatMap((dependency) => dependency.split('@zhongkong/')[1] ?? []);
      return [name, ...own.flatMap(need)];
    };
    for (const name of new Set(need('token-server')))
      expect(last).toContain(`COPY --from=build /build/${name}/dist ${name}/dist`);
    expect(last).toContain('COPY --from=packages /build ./');
    // The server starts the sandbox as a process, so its build does not make that.
    expect(DOCKERFILE).toContain('tsc -b token-server sandbox ');
  });

  it('has a health check that knows a server that is well from one that is not there', async () => {
    const { url } = await startServer({ platform: (await startPlatform()).url });
    const check = async (port: string) => {
      const args = ['deploy/docker/healthcheck.mjs'];
      const [code] = await once(spawn(process.execPath, args, { cwd: ROOT, env: { PORT: port } }), 'close');
      return code;
    };
    expect(await check(new URL(url).port)).toBe(0);
    expect(await check(String(await freePort()))).toBe(1);
  });
});
