import { type Command, Option } from 'commander';
import { policyValue, wholeNumber } from '../input/parse.js';
import type { Io } from '../io.js';
import type { ChangeOptions, ListOptions } from './apps-actions.js';

const LIST_HELP = `
Examples:
  $ zhongkong apps list
  $ zhongkong apps list --search mall --phase dead
  $ zhongkong apps list --all --json | jq -r '.apps[].appId'`;

const SHOW_HELP = `
Examples:
  $ zhongkong apps show wx0123456789abcdef`;

const ADD_HELP = `
The secret comes from --secret-file, from stdin, or is asked for on a terminal. It is never an argument, since everybody
on the machine can see those. The server tries it at WeChat before it keeps it.

Examples:
  $ zhongkong apps add wx0123456789abcdef --name "mall mini program"
  $ zhongkong apps add wx0123456789abcdef --secret-file /run/secrets/mall --policy refreshLead=600 dailyBudget=1000
  $ pass show wechat/mall | zhongkong apps add wx0123456789abcdef
  $ zhongkong apps add wx0123456789abcdef --mode external`;

const SET_HELP = `
What is not named stays as it is. A new secret is tried at WeChat before the old one is dropped. --policy key=default takes
the app's own value away. Apps of the configuration file are changed there.

Examples:
  $ zhongkong apps set wx0123456789abcdef --secret
  $ zhongkong apps set wx0123456789abcdef --mode classic
  $ zhongkong apps set wx0123456789abcdef --policy refreshLead=600 sweep=default`;

const PAUSE_HELP = `
The app's token is given out until its end, and no new one is fetched until zhongkong apps resume.

Examples:
  $ zhongkong apps pause wx0123456789abcdef`;

const RESUME_HELP = `
Examples:
  $ zhongkong apps resume wx0123456789abcdef`;

const REMOVE_HELP = `
Its token is forgotten and its clients get "unknown_app" from now on. Without a terminal it needs --yes.

Examples:
  $ zhongkong apps remove wx0123456789abcdef
  $ zhongkong apps remove wx0123456789abcdef --yes`;

const actions = () => import('./apps-actions.js');

export function registerApps(program: Command, io: Io): void {
  const apps = program.command('apps').description('list, add, change, pause and remove apps');
  apps
    .command('list')
    .description('list the apps and how their tokens are')
    .option('--all', 'all pages')
    .addOption(new Option('-n, --limit <n>', 'how many').argParser(wholeNumber(1, 1_000)).default(100))
    .option('--after <appId>', 'those after this app')
    .option('--search <text>', 'those whose app id or name has this text in it')
    .addOption(
      new Option('--phase <phase>', 'those in this phase').choices([
        'missing',
        'fresh',
        'due',
        'dead',
        'expired',
      ]),
    )
    .addHelpText('after', LIST_HELP)
    .action(async (options: ListOptions, command: Command) =>
      (await actions()).listApps(io, command, options),
    );
  apps
    .command('show')
    .description('show all about one app')
    .argument('<appId>', 'the app')
    .addHelpText('after', SHOW_HELP)
    .action(async (appId: string, _options: object, command: Command) =>
      (await actions()).showApp(io, command, appId),
    );
  withChanges(apps.command('add'))
    .description('add an app')
    .addHelpText('after', ADD_HELP)
    .action(async (appId: string, options: ChangeOptions, command: Command) =>
      (await actions()).addApp(io, command, appId, options),
    );
  withChanges(apps.command('set'))
    .description('change an app')
    .option('--secret', 'a new secret: asked for on a terminal, else read from stdin')
    .addHelpText('after', SET_HELP)
    .action(async (appId: string, options: ChangeOptions, command: Command) =>
      (await actions()).setApp(io, command, appId, options),
    );
  registerStates(apps, io);
}

function withChanges(command: Command): Command {
  return command
    .argument('<appId>', 'the app, as in the console of WeChat')
    .option('--secret-file <file>', 'where the AppSecret is; - for stdin')
    .option('--name <name>', 'for people')
    .addOption(
      new Option('--mode <mode>', 'how tokens are fetched').choices(['stable', 'classic', 'external']),
    )
    .option('--policy <key=value...>', 'values of this app alone, as in docs/configuration.md', policyValue)
    .option('--no-try', 'keep the secret without trying it at WeChat');
}

function registerStates(apps: Command, io: Io): void {
  apps
    .command('pause')
    .description('fetch no more tokens for an app')
    .argument('<appId>', 'the app')
    .addHelpText('after', PAUSE_HELP)
    .action(async (appId: string, _options: object, command: Command) =>
      (await actions()).pauseApp(io, command, appId, true),
    );
  apps
    .command('resume')
    .description('fetch tokens for a paused app again')
    .argument('<appId>', 'the app')
    .addHelpText('after', RESUME_HELP)
    .action(async (appId: string, _options: object, command: Command) =>
      (await actions()).pauseApp(io, command, appId, false),
    );
  apps
    .command('remove')
    .description('remove an app')
    .argument('<appId>', 'the app')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', REMOVE_HELP)
    .action(async (appId: string, { yes }: { yes?: boolean }, command: Command) =>
      (await actions()).removeApp(io, command, appId, yes),
    );
}
