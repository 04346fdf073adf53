// `npm run chaos`: sets a fresh machine up, then makes trouble; see --help.
import { setUp } from './set-up/set-up.mjs';

await setUp({ needsRedis: true });
await import('../tests/dist/chaos/main.js');
