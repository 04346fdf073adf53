import { SetUpError } from './set-up-error.mjs';

/** What package.json says under `engines`, in a form that needs no package to be checked. */
const SUPPORTED = '20.20, 22.12 or later, or 24 and later';

/** @param {string} version of Node.js, as in `process.versions.node` */
export function checkNodeVersion(version) {
  const [major, minor] = version.split('.').map(Number);
  const isSupported = major >= 24 || (major === 22 && minor >= 12) || (major === 20 && minor >= 20);
  if (!isSupported) throw new SetUpError(`Node.js ${version} is not supported: install ${SUPPORTED}.`);
}
