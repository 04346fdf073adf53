// Every property starts from one seed, so that a failure can be repeated. The workers inherit it.
process.env.FC_SEED ??= '20251001';
process.stderr.write(`properties: FC_SEED=${process.env.FC_SEED}\n`);

/** How the test files run, and why so: docs/adr/0020-tests-share-their-modules.md. */
export default {
  roots: ['shared', 'sandbox', 'jobs', 'token-server', 'client-sdk', 'tests'].map(
    (name) => `<rootDir>/${name}/src`,
  ),
  testMatch: ['**/*.test.ts'],
  transform: {},
  runner: '<rootDir>/tests/src/jest/bundling-runner.mjs',
  runtime: '<rootDir>/tests/src/jest/shared-runtime.cjs',
  testEnvironment: '<rootDir>/tests/src/jest/bare-environment.mjs',
  setupFilesAfterEnv: ['<rootDir>/tests/src/jest/around-each-test.ts'],
  testSequencer: '<rootDir>/tests/src/jest/slow-files-first.mjs',
  testTimeout: 30_000,
  // Much of the time is waiting: for leases to end, and for processes to start and stop.
  maxWorkers: 4,
};
