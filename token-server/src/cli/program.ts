import { Command, Option } from 'commander';
import { packageVersion } from '../package-version.js';
import { badUsage } from './cli-error.js';
import { registerApps } from './commands/apps.js';
import { registerAudit } from './commands/audit.js';
import { registerBackup } from './commands/backup.js';
import { registerClients } from './commands/clients.js';
import { registerCompletion } from './commands/completion.js';
import { registerDoctor } from './commands/doctor.js';
import { registerHistory } from './commands/history.js';
import { registerMasterKey } from './commands/master-key.js';
import { registerReload } from './commands/reload.js';
import { registerServe } from './commands/serve.js';
import { registerStatus } from './commands/status.js';
import { registerToken } from './commands/token.js';
import type { Io } from './io.js';

/** Adds a command to the program; a group of commands is one with commands of its own. */
type Register = (program: Command, io: Io) => void;

/** Every command, in the order of the help text. */
const COMMANDS: Readonly<Record<string, readonly Register[]>> = {
  'Server:': [
    registerServe,
    registerStatus,
    registerDoctor,
    registerReload,
    registerMasterKey,
    registerBackup,
  ],
  'Apps and tokens:': [registerToken, registerApps, registerHistory],
  'Client keys and changes:': [registerClients, registerAudit],
  'Shell:': [registerCompletion],
};

/** These commands ask no server, so the options that name one have no effect on them. */
const LOCAL = ['serve', 'completion', 'backup', 'restore'];

const HELP = `
Every command has its own --help with examples: zhongkong apps add --help

On the machine of a server that runs its own Redis, no key is needed: the key in DATA_DIR/admin.key is used.

Exit codes: 0 success, 1 failure, 2 bad usage.`;

/** The whole command line as a tree: help, completion and the check of docs/cli.md are made from it. */
export function createProgram(io: Io): Command {
  const program = new Command('zhongkong')
    .description('Zhongkong (中控): the central control server for WeChat access tokens')
    .version(packageVersion(), '-V, --version')
    .exitOverride()
    .showHelpAfterError('(add --help for examples)')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'zhongkong: ')),
    })
    .addHelpText('after', HELP)
    .optionsGroup('Which server, and how to print:');
  for (const option of sharedOptions()) program.addOption(option);
  for (const [heading, registers] of Object.entries(COMMANDS)) {
    program.commandsGroup(heading);
    for (const register of registers) register(program, io);
  }
  program.commandsGroup('Shell:').helpCommand('help [command]');
  program.hook('preAction', (_program, command) => refuseWithoutEffect(program, command));
  return program;
}

function sharedOptions(): Option[] {
  return [
    new Option(
      '--url <url>',
      'address of the server, unix:/path for a socket (default: http://127.0.0.1:7200)',
    ).env('ZHONGKONG_URL'),
    new Option(
      '--key <key>',
      'client key; others on this machine can see it, so better use the variable',
    ).env('ZHONGKONG_API_KEY'),
    new Option('--ca <file>', 'PEM file of the authority that signed the certificate of the server'),
    new Option('--cert <file>', 'PEM file of your client certificate, if the server asks for one'),
    new Option('--cert-key <file>', 'PEM file of its private key'),
    new Option('--json', "print the server's JSON"),
  ];
}

function refuseWithoutEffect(program: Command, command: Command): void {
  let top = command;
  while (top.parent !== null && top.parent !== program) top = top.parent;
  if (!LOCAL.includes(top.name())) return;
  for (const { long, attributeName } of program.options.map((option) => ({
    long: option.long,
    attributeName: option.attributeName(),
  })))
    if (program.getOptionValueSource(attributeName) === 'cli')
      throw badUsage(`${long} has no effect on zhongkong ${top.name()}: leave it out.`);
}
