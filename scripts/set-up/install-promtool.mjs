import { unpackDebian } from './unpack-debian.mjs';

/** promtool, with which tests check metrics and alert rules. */
export async function installPromtool() {
  await unpackDebian({
    program: 'promtool',
    debianPackage: 'prometheus',
    path: ['usr', 'bin', 'promtool'],
    why: 'tests check metrics and alert rules with it',
  });
}
