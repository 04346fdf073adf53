import { announce } from './cli/announce.js';
import { explainFailure } from './cli/explain-failure.js';
import { readArguments } from './cli/read-arguments.js';
import { untilAskedToStop } from './cli/until-asked-to-stop.js';
import { startSandbox } from './start-sandbox.js';

const { json, ...options } = readArguments(process.argv);
const askedToStop = untilAskedToStop();
const sandbox = await startSandbox(options).catch((error: unknown) => {
  const { message, exitCode } = explainFailure(error, options);
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
});
process.stdout.write(json ? `${JSON.stringify({ url: sandbox.url })}\n` : announce(sandbox, options));
process.send?.({ url: sandbox.url });

await askedToStop;
await sandbox.stop();
process.exit(0);
