// Every property starts from one seed, so that a failure can be repeated. The workers inherit it.
process.env.FC_SEED ??= '20251001';
process.stderr.write(`properties: FC_SEED=${process.env.FC_SEED}\n`);

/** Native ESM: `NODE_OPTIONS=--experimental-vm-modules` is set by scripts/test.mjs. Workspace names map to
 * their sources, so a test never runs a stale build. */
export default {
  roots: ['shared', 'sandbox', 'jobs', 'token-server', 'client-sdk', 'tests'].map(
    (name) => `<rootDir>/${name}/src`,
  ),
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: {
    '^@zhongkong/([^/]+)$': '<rootDir>/$1/src/index.ts',
    '^@zhongkong/client-sdk/(.+)$': '<rootDir>/client-sdk/src/adapters/$1.ts',
    '^@zhongkong/([^/]+)/(.+)$': '<rootDir>/$1/src/$2/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  setupFilesAfterEnv: ['<rootDir>/tests/src/jest/around-each-test.ts'],
  testSequencer: '<rootDir>/tests/src/jest/slow-files-first.mjs',
  testTimeout: 30_000,
  // Much of the time is waiting: for leases to end, and for processes to start and stop.
  maxWorkers: 3,
};
