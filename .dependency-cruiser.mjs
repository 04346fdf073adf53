// Which import is allowed. `npm run check` refuses the rest; docs/architecture.md draws the same picture.

/** Each package, and the packages that it may import. */
const PACKAGES = {
  shared: [],
  sandbox: [],
  jobs: ['shared'],
  'token-server': ['shared', 'jobs'],
  'client-sdk': ['shared'],
  tests: ['shared', 'sandbox', 'jobs', 'token-server', 'client-sdk'],
};

/**
 * What lies in the `src` folder of each package, the lowest first: an entry may import the entries before it, and
 * itself. An entry that ends with a slash is a folder.
 */
const ORDER = {
  shared: [
    'clock.ts',
    'bilingual.ts',
    'casing.ts',
    'fingerprint.ts',
    'redact.ts',
    'single-flight.ts',
    'back-off.ts',
    'wechat/',
    'errors/',
    'token/',
    'contract/',
    'heal-once.ts',
    'index.ts',
  ],
  jobs: ['keeper/', 'redis/', 'backup/', 'wechat/', 'engine/', 'testing/', 'index.ts'],
  sandbox: [
    'platform/',
    'sandbox-clock.ts',
    'sandbox-options.ts',
    'faults/',
    'apis/',
    'world.ts',
    'process-call.ts',
    'state/',
    'control/',
    'http/',
    'start-sandbox.ts',
    'cli/',
    'cli.ts',
    'index.ts',
  ],
  'client-sdk': [
    'errors.ts',
    'events.ts',
    'http/',
    'to-weixin-error.ts',
    'token/',
    'secret/',
    'api/',
    'adapters/',
    'index.ts',
  ],
  'token-server': [
    'start-error.ts',
    'package-version.ts',
    'data-folder.ts',
    'master-key.ts',
    'log-writer.ts',
    'logger.ts',
    'library-warnings.ts',
    'take-down.ts',
    'open-files.ts',
    'config/',
    'admin-key.ts',
    'tracing/',
    'redis/',
    'metrics/',
    'tokens/',
    'clients/',
    'alerts/',
    'http/',
    'fast-lane/',
    'server-list.ts',
    'rotate-master-key.ts',
    'master-key-service.ts',
    'openapi/',
    'events/',
    'proxy/',
    'drop-in/',
    'console/',
    'registry/',
    'reload.ts',
    'backup/',
    'doctor/',
    'routes/',
    'app.ts',
    'store.ts',
    'server.ts',
    'demo/',
    'cli/',
    'index.ts',
  ],
};

/** What decides about a credential is pure: time, randomness and effects are arguments. */
const PURE = '^jobs/src/keeper/';

/** Tests may use what stands beside or above them; a package's own tests are run against the sandbox too. */
const TESTS = '[.]test[.]ts$|/testing/';

const anyOf = (names) => `(${names.map((name) => name.replaceAll('.', '[.]')).join('|')})`;

const forbid = (name, comment, from, to, more = {}) => ({
  name,
  severity: 'error',
  comment,
  from,
  to,
  ...more,
});

const betweenPackages = Object.entries(PACKAGES).map(([name, allowed]) =>
  forbid(
    `package-${name}`,
    `${name} may import ${allowed.length === 0 ? 'no other package' : allowed.join(' and ')}.`,
    { path: `^${name}/src/`, pathNot: TESTS },
    {
      path: `^(node_modules/)?(@zhongkong/)?${anyOf(Object.keys(PACKAGES))}(/|$)`,
      pathNot: `^(node_modules/)?(@zhongkong/)?${anyOf([name, ...allowed])}(/|$)`,
    },
  ),
);

const betweenFolders = Object.entries(ORDER).flatMap(([name, entries]) => [
  ...entries
    .slice(0, -1)
    .map((entry, index) =>
      forbid(
        `up-${name}/${entry}`,
        `${name}/src/${entry} lies below these: move what it needs down, or pass it as an argument.`,
        { path: `^${name}/src/${anyOf([entry])}`, pathNot: TESTS },
        { path: `^${name}/src/${anyOf(entries.slice(index + 1))}` },
      ),
    ),
  forbid(
    `place-${name}`,
    `Give the new file or folder its place in ORDER (.dependency-cruiser.mjs).`,
    { path: `^${name}/src/`, pathNot: `^${name}/src/${anyOf(entries)}|${TESTS}` },
    {},
  ),
]);

export default {
  forbidden: [
    ...betweenPackages,
    ...betweenFolders,
    forbid('circle', 'Files that import each other in a circle.', {}, { circular: true }),
    forbid(
      'front-door',
      'Another package is imported by its name, and only what its package.json exports.',
      { path: `^${anyOf(Object.keys(PACKAGES))}/` },
      { path: `^${anyOf(Object.keys(PACKAGES))}/src/|^@zhongkong/[^/]+/(src|dist)/`, pathNot: '^$1/' },
    ),
    forbid(
      'pure',
      'The core is pure: time, randomness and effects are arguments.',
      { path: PURE, pathNot: TESTS },
      {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'unknown'],
        pathNot: '^(node_modules/)?@zhongkong/shared|^shared/',
      },
    ),
    forbid(
      'quick-start',
      'A command of the CLI starts without the server: load it with import() when it is needed.',
      { path: '^token-server/src/cli/', pathNot: `^token-server/src/cli/serve[.]ts|${TESTS}` },
      {
        path: '^token-server/src/',
        pathNot: '^token-server/src/(cli/|(package-version|open-files)[.])',
        dynamic: false,
      },
    ),
    forbid('found', 'This import leads nowhere.', {}, { couldNotResolve: true, pathNot: '^@zhongkong/' }),
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', '/dist/'] },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'default'] },
  },
};
