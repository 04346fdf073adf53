// `npm start`: sets a fresh machine up, then serves. Set-up takes part only the first time.
import { setUp } from './set-up/set-up.mjs';

await setUp({ needsRedis: !process.env.REDIS_URL });
const { main } = await import('../token-server/dist/cli/main.js');
process.exitCode = await main(['serve', ...process.argv.slice(2)]);
