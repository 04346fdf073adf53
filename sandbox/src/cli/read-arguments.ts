import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { AppOptions } from '../platform/app-config.js';
import type { SandboxOptions } from '../sandbox-options.js';

/** What the command line asks for. */
export interface CliOptions extends SandboxOptions {
  port: number;
  host: string;
  json: boolean;
}

const examples = `
Examples:
  $ zhongkong-sandbox
  $ zhongkong-sandbox --port 0 --json
  $ zhongkong-sandbox --app wx0123456789abcdef:my-secret --app wxfedcba9876543210:other-secret
  $ zhongkong-sandbox --token-seconds 60 --overlap-seconds 10 --state ./sandbox.json`;

/** Reads the command line. Ends the process with 2 when it makes no sense, with 0 after --help. */
export function readArguments(argv: readonly string[]): CliOptions {
  const program = new Command('zhongkong-sandbox')
    .description('A faithful WeChat platform on a local port, for demos and tests.')
    .option('--port <number>', 'port to listen on, 0 for a free one', wholeNumber, 7201)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option(
      '--app <appid:secret>',
      'an app that is there from the start, repeatable (default: a demo app)',
      addApp,
    )
    .option('--token-seconds <number>', 'life of an access token (default: 7200)', seconds)
    .option('--overlap-seconds <number>', 'how long a replaced token lives on (default: 300)', seconds)
    .option('--stable-renew-seconds <number>', 'stable_token renews this early (default: 300)', seconds)
    .option('--state <file>', 'keep tokens, tickets and counts in this file over restarts')
    .option('--json', 'print {"url":…} on one line, and nothing else', false)
    .addHelpText('after', examples)
    .exitOverride();
  try {
    program.parse(argv);
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
    throw error;
  }
  const { port, host, json, app, state, tokenSeconds, overlapSeconds, stableRenewSeconds } = program.opts();
  return {
    port,
    host,
    json,
    lifetimes: { tokenSeconds, overlapSeconds, stableRenewSeconds },
    ...(app && { apps: app }),
    ...(state && { stateFile: state }),
  };
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('It must be a number of seconds.');
  return value;
}

function addApp(text: string, apps: AppOptions[] = []): AppOptions[] {
  const [, appId, secret] = /^([^:]+):(.+)$/.exec(text) ?? [];
  if (!appId || !secret) throw new InvalidArgumentError('It must be an app id, a colon and a secret.');
  return [...apps, { appId, secret }];
}
