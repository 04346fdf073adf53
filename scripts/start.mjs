// `npm start`: sets a fresh machine up, then serves. Set-up takes part only the first time.
import { setUp } from './set-up/set-up.mjs';

await setUp({ needsRedis: !process.env.REDIS_URL });
const { run } = await import('../token-server/dist/cli/run.js');
await run(['serve', ...process.argv.slice(2)]);
