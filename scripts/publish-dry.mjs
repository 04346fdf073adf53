// `npm run publish:dry`: what each package would publish, and whether all of them can be installed together.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWorkspaces } from './set-up/build-workspaces.mjs';
import { root } from './set-up/root.mjs';

const manifestOf = (folder) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
const { homepage, workspaces } = manifestOf('.');
const packages = workspaces.filter((name) => manifestOf(name).private !== true);
const folder = mkdtempSync(join(tmpdir(), 'zhongkong-publish-'));
const npm = (args, cwd) =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

try {
  await buildWorkspaces();
  const packed = packages.map((name) => {
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const [tarball] = JSON.parse(npm(args, join(root, name)));
    return tarball;
  });
  const rows = packed.map(({ name, version, files, size, unpackedSize }) => [
    name,
    {
      version,
      files: files.length,
      'packed (KB)': kilobytes(size),
      'unpacked (KB)': kilobytes(unpackedSize),
    },
  ]);
  console.table(Object.fromEntries(rows));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const tarballs = packed.map(({ filename }) => join(folder, filename));
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', ...tarballs], folder);
  for (const [name, script] of Object.entries(checks())) {
    execFileSync(process.execPath, script, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    console.log(`installed together: ${name} works`);
  }
  console.log(`
Nothing was published. Why the names are what they are: all packages are in the scope @zhongkong, which its owner
alone can publish to, so that nobody else can take a name of ours. For the same reason the sandbox is started by
\`npx @zhongkong/sandbox\`, never by a name without the scope, which npx would look up among strangers' packages.
Before a real publish, own the scope at the registry, and replace ${homepage} in every package.json and README.`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What is run of each package, in a folder that has nothing else. */
function checks() {
  const bin = (name, file) => [join(folder, 'node_modules', '@zhongkong', name, 'bin', file), '--help'];
  return {
    '@zhongkong/client-sdk': [
      '-e',
      "require('@zhongkong/client-sdk').initWeixin({ appId: 'wx', accessToken: 't' })",
    ],
    '@zhongkong/sandbox': bin('sandbox', 'zhongkong-sandbox.js'),
    '@zhongkong/token-server': bin('token-server', 'zhongkong.js'),
  };
}

function kilobytes(bytes) {
  return Math.round(bytes / 1_000);
}
