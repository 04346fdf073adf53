import { parseArgs } from 'node:util';
import { undoAll } from '../helpers/clean-up.js';
import { runChaos } from './run-chaos.js';

const HELP = `Usage: npm run chaos -- [--seed N] [--minutes M]

Three servers, thirty SDK clients and a platform with short-lived tokens, with something breaking every few seconds.
Ends with 1 when a call failed that could have been healed, or a version went back.
`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '5' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const minutes = Number(values.minutes);
if (!Number.isInteger(seed) || !(minutes > 0)) {
  process.stderr.write(`--seed takes a whole number, --minutes a number above 0.\n${HELP}`);
  process.exit(2);
}

process.stdout.write(`seed ${seed}, ${minutes} minutes\n`);
const result = await runChaos({ seed, minutes, say: (line) => void process.stdout.write(`${line}\n`) });
await undoAll();
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
process.exit(result.failedThoughHealable === 0 && result.versionsBack === 0 ? 0 : 1);
