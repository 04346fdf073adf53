import { buildWorkspaces } from './build-workspaces.mjs';
import { checkNodeVersion } from './check-node-version.mjs';
import { installPackages } from './install-packages.mjs';
import { installRedis } from './install-redis.mjs';
import { SetUpError } from './set-up-error.mjs';

/**
 * Brings a fresh clone to the point where it runs: packages, redis-server, build. What is there already is left
 * alone, so a second call costs next to nothing. When it cannot, it says so in one sentence and ends the process.
 * @param {{ needsRedis: boolean }} needs
 */
export async function setUp({ needsRedis }) {
  try {
    checkNodeVersion(process.versions.node);
    // Redis first: without the right to install it, nobody waits for the packages to learn that.
    if (needsRedis) await installRedis();
    await installPackages();
    await buildWorkspaces();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    process.stderr.write(`zhongkong: ${error.message}\n`);
    process.exit(1);
  }
}
