import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROOT } from '../helpers/examples.js';
import { tempFolder } from '../helpers/temp-folder.js';

const ROOT_USER = 0;
const ORDINARY_USER = 1000;

interface Run {
  readonly failed: boolean;
  readonly output: string;
}

/** Runs one part of the set-up in a copy of the scripts, on a machine that has only these programs. */
function runPart(
  part: string,
  call: string,
  programs: Record<string, string> = {},
  userId = ROOT_USER,
  prepare: (house: string) => void = () => {},
): Promise<Run> {
  const house = tempFolder();
  cpSync(join(ROOT, 'scripts'), join(house, 'scripts'), { recursive: true });
  prepare(house);
  const bin = join(house, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const module = JSON.stringify(join(house, 'scripts', 'set-up', `${part}.mjs`));
  const code = `process.getuid = () => ${userId}; const part = await import(${module}); await part.${call};`;
  return new Promise((resolve) => {
    const env = { PATH: bin, BIN: bin };
    execFile(process.execPath, ['--input-type=module', '-e', code], { env }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: stdout + stderr });
    });
  });
}

const installRedis = (programs: Record<string, string>, userId?: number) =>
  runPart('install-redis', 'installRedis()', programs, userId);

describe('the set-up of redis-server', () => {
  it.each(['redis-server', 'valkey-server'])(
    'installs nothing and says nothing when %s is there',
    async (name) => {
      expect(await installRedis({ [name]: '', 'apt-get': 'exit 1' })).toEqual({ failed: false, output: '' });
    },
  );

  it.each([
    ['apt-get', 'install -y -qq --no-install-recommends redis-server', ROOT_USER],
    ['apk', 'add --quiet redis', ROOT_USER],
    ['dnf', 'install -y -q redis', ROOT_USER],
    ['brew', 'install --quiet redis', ORDINARY_USER],
  ])('uses %s when that is there, and says what it does and why', async (manager, args, userId) => {
    const { failed, output } = await installRedis({ [manager]: `[ "$*" = "${args}" ]` }, userId);
    expect(failed).toBe(false);
    expect(output).toBe(
      `zhongkong: installing redis-server with ${manager}, once (the token server keeps its state in Redis)\n`,
    );
  });

  it('refreshes the package lists when the package was not found, then tries again', async () => {
    const script = 'case "$1" in update) : > "$BIN/updated";; *) [ -e "$BIN/updated" ];; esac';
    const { failed, output } = await installRedis({ 'apt-get': script });
    expect(failed).toBe(false);
    expect(output).toContain('refreshing the package lists of apt-get');
  });

  it('asks sudo for the right, without a password', async () => {
    const sudo = '[ "$1" = -n ] && shift && exec "$@"';
    expect((await installRedis({ apk: ':', sudo }, ORDINARY_USER)).failed).toBe(false);
  });

  it.each([
    [
      'there is no right to',
      { 'apt-get': '' },
      'run "apt-get install -y -qq --no-install-recommends redis-server" as root',
    ],
    [
      'sudo wants a password',
      { apk: ':', sudo: 'echo "sudo: a password is required" >&2; exit 1' },
      'run "apk add --quiet redis" as root',
    ],
    ['there is no package manager', {}, 'install Redis 6.2 or later'],
  ])('says in one sentence what to do when %s', async (_name, programs, advice) => {
    const { failed, output } = await installRedis(programs, ORDINARY_USER);
    expect(failed).toBe(true);
    expect(output).toContain(advice);
    expect(output).toContain('or set REDIS_URL to');
    expect(output).not.toContain('password');
  });

  it('shows the last words of a package manager that failed', async () => {
    const { failed, output } = await installRedis({ dnf: 'echo "no network" >&2; exit 3' });
    expect(failed).toBe(true);
    expect(output).toContain('no network');
  });
});

describe('a program for tests that is unpacked out of a Debian package', () => {
  const unpack = (programs: Record<string, string>) =>
    runPart(
      'unpack-debian',
      `unpackDebian({ program: 'a-tool', debianPackage: 'a-package', path: ['usr', 'bin', 'a-tool'], why: 'a test' })`,
      programs,
      ORDINARY_USER,
    );
  const bin = '/bin:/usr/bin';

  it('is left alone when it is there', async () => {
    expect(await unpack({ 'a-tool': '' })).toEqual({ failed: false, output: '' });
  });

  it('is got without rights, and without installing the package', async () => {
    const { failed, output } = await unpack({
      sh: 'exec /bin/sh "$@"',
      'apt-get': '[ "$*" = "download -qq a-package" ] && : > a-package_1.deb',
      'dpkg-deb': `PATH=${bin}; mkdir -p "$3/usr/bin" && : > "$3/usr/bin/a-tool"`,
    });
    expect(failed).toBe(false);
    expect(output).toBe(
      'zhongkong: getting a-tool out of the Debian package "a-package", once (a test)\nzhongkong: unpacking it\n',
    );
  });

  it.each([
    ['there is no Debian', {}],
    [
      'the package has no such program',
      { sh: 'exec /bin/sh "$@"', 'apt-get': ': > a-package_1.deb', 'dpkg-deb': '' },
    ],
    ['it cannot be got', { sh: 'exec /bin/sh "$@"', 'apt-get': 'exit 1', 'dpkg-deb': '' }],
  ])('is missing when %s, which is said and stops nothing', async (_name, programs) => {
    const { failed, output } = await unpack(programs);
    expect(failed).toBe(false);
    expect(output).toMatch(/the tests that need a-tool are skipped/i);
  });
});

describe('the set-up of the npm packages', () => {
  const LOCK = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/b': { version: '2.0.0', optional: true },
    },
  };
  /** What npm has noted, and what lies in the folder. */
  const house = (noted: Record<string, string>, there: string[]) => (root: string) => {
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK));
    mkdirSync(join(root, 'node_modules'));
    const packages = Object.fromEntries(
      Object.entries(noted).map(([name, version]) => [`node_modules/${name}`, { version }]),
    );
    writeFileSync(join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
    for (const name of there) {
      mkdirSync(join(root, 'node_modules', name));
      writeFileSync(join(root, 'node_modules', name, 'package.json'), '{}');
    }
  };
  const npm = 'echo "no network: $*" >&2; exit 1';
  const install = (prepare: (root: string) => void) =>
    runPart('install-packages', 'installPackages()', { npm }, ROOT_USER, prepare);

  it('leaves alone what is installed as the lock file says, by whomever', async () => {
    expect(await install(house({ a: '1.0.0' }, ['a']))).toEqual({ failed: false, output: '' });
  });

  it.each([
    ['nothing is installed', house({}, [])],
    ['a package has another version than in the lock file', house({ a: '0.9.0' }, ['a'])],
    ['a package that npm has noted was removed', house({ a: '1.0.0' }, [])],
    ['npm has left it out, as it does with NODE_ENV=production', house({ b: '2.0.0' }, ['b'])],
  ])('installs, development packages too, when %s', async (_name, prepare) => {
    const { failed, output } = await install(prepare);
    expect(failed).toBe(true);
    expect(output).toContain('installing the npm packages of the lock file, once');
    expect(output).toContain('no network: ci --include=dev');
  });
});

describe('the set-up as a whole', () => {
  const machine = (programs: Record<string, string>, userId?: number) =>
    runPart('set-up', 'setUp({ needsRedis: true })', programs, userId, (root) =>
      writeFileSync(join(root, 'package-lock.json'), '{"packages":{"node_modules/a":{"version":"1.0.0"}}}'),
    );

  it('says that there is no right to install Redis before it fetches any package', async () => {
    const { failed, output } = await machine({ npm: 'echo fetched', 'apt-get': '' }, ORDINARY_USER);
    expect(failed).toBe(true);
    expect(output).toContain('no right to install one');
    expect(output).not.toContain('npm packages');
  });

  it('on Windows says to use WSL, Docker or a Redis elsewhere', async () => {
    const code = "Object.defineProperty(process, 'platform', { value: 'win32' })";
    const { failed, output } = await runPart('install-redis', `installRedis(${code})`);
    expect(failed).toBe(true);
    expect(output).toContain(
      'set REDIS_URL to a Redis on another machine, or run Zhongkong in WSL or Docker',
    );
  });
});

describe('the set-up of Node.js', () => {
  it.each(['20.20.0', '22.12.0', '22.20.1', '24.0.0', '26.1.0'])('goes on with %s', async (version) => {
    expect(await runPart('check-node-version', `checkNodeVersion('${version}')`)).toEqual({
      failed: false,
      output: '',
    });
  });

  it.each(['18.20.0', '20.19.9', '21.7.0', '22.11.0', '23.9.0'])(
    'says what to install in place of %s',
    async (version) => {
      const { failed, output } = await runPart('check-node-version', `checkNodeVersion('${version}')`);
      expect(failed).toBe(true);
      expect(output).toContain(
        `Node.js ${version} is not supported: install 20.20, 22.12 or later, or 24 and later.`,
      );
    },
  );
});
