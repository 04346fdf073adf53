// `npm start`: sets a fresh machine up, then serves. Set-up takes part only the first time.
import { setUp } from './set-up/set-up.mjs';

const CHECK_PARENT_MS = 1_000;

await setUp({ needsRedis: !process.env.REDIS_URL });
if (process.env.npm_lifecycle_event !== undefined) stopWithoutParent(process.ppid);
const { run } = await import('../token-server/dist/cli/run.js');
await run(['serve', ...process.argv.slice(2)]);

/** Between npm and this process there may be a shell that passes no signal on: without its parent, nobody could stop it. */
function stopWithoutParent(parent) {
  const check = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(check);
    process.kill(process.pid, 'SIGTERM');
  }, CHECK_PARENT_MS);
  check.unref();
}
