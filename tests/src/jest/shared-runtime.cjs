const { pathToFileURL } = require('node:url');

/** Under which Jest keeps the listeners to what happens in a test file. */
const EVENT_HANDLERS = Symbol.for('EVENT_HANDLERS');
let evaluations = 0;

/**
 * Loads test files with Node's own loader into the worker's own realm, where Jest would make a realm and load all modules
 * again for every file. So the modules of a worker are shared by the test files that run in it, one after the other.
 */
module.exports = class SharedRuntime {
  requireInternalModule(path) {
    // What Jest keeps about the last file is left behind.
    if (path.includes('jestAdapterInit')) {
      delete require.cache[path];
      delete globalThis[EVENT_HANDLERS];
    }
    return require(path);
  }

  async unstable_importModule(path) {
    const { bundleOf } = await import('./bundle-tests.mjs');
    evaluations += 1;
    // The file itself is evaluated each time; what it imports, once.
    await import(`${pathToFileURL(bundleOf(path, process.env.TEST_BUNDLE)).href}?${evaluations}`);
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  requireModule(path) {
    return require(path);
  }

  getSourceMaps() {
    return new Map();
  }

  setGlobalsForRuntime(globals) {
    Object.assign(globalThis, globals);
  }

  getAllCoverageInfoCopy() {}
  enterTestCode() {}
  leaveTestCode() {}
  teardown() {}
};
