import { type Command, Option } from 'commander';
import { commaList, expiry, wholeNumber } from '../input/parse.js';
import type { Io } from '../io.js';
import type { ClientListOptions, ClientOptions, RevokeOptions } from './clients-actions.js';

const LIST_HELP = `
Examples:
  $ zhongkong clients list
  $ zhongkong clients list --search order --json`;

const CREATE_HELP = `
The key is printed this once, alone on stdout; the server keeps only its hash. Scopes: token:read, token:refresh,
token:write, proxy, login, admin.

Examples:
  $ zhongkong clients create order-service --apps wx0123456789abcdef
  $ zhongkong clients create ops --apps '*' --scopes admin --expires 90d
  $ zhongkong clients create order-service --apps wx0123456789abcdef > order-service.key`;

const SET_HELP = `
What is not named stays as it is. Clients of the configuration file are changed there.

Examples:
  $ zhongkong clients set order-service --apps wx0123456789abcdef,wxfedcba9876543210
  $ zhongkong clients set order-service --expires never`;

const ROTATE_HELP = `
It makes a second key, printed this once; both work until one is revoked with zhongkong clients revoke --key-id.

Examples:
  $ zhongkong clients rotate order-service
  $ zhongkong clients rotate order-service > order-service.key`;

const REVOKE_HELP = `
Without --key the client goes with all its keys. Effective on every server within a second, open streams included.
Without a terminal it needs --yes.

Examples:
  $ zhongkong clients revoke order-service
  $ zhongkong clients revoke order-service --key-id k1 --yes`;

const actions = () => import('./clients-actions.js');

export function registerClients(program: Command, io: Io): void {
  const clients = program.command('clients').description('list, create, change and revoke client keys');
  clients
    .command('list')
    .description('list the clients and their keys')
    .option('--all', 'all pages')
    .addOption(new Option('-n, --limit <n>', 'how many').argParser(wholeNumber(1, 1_000)).default(100))
    .option('--search <text>', 'those whose name has this text in it')
    .addHelpText('after', LIST_HELP)
    .action(async (options: ClientListOptions, command: Command) =>
      (await actions()).listClients(io, command, options),
    );
  clients
    .command('create')
    .description('create a client and print its key, once')
    .argument('<name>', 'a name for it, which is in logs and in the history')
    .addOption(appsOption().makeOptionMandatory())
    .addOption(scopesOption())
    .addOption(expiresOption())
    .addHelpText('after', CREATE_HELP)
    .action(async (name: string, options: ClientOptions, command: Command) =>
      (await actions()).createClient(io, command, name, options),
    );
  clients
    .command('set')
    .description('change a client')
    .argument('<client>', 'its name or id')
    .addOption(appsOption())
    .addOption(scopesOption())
    .addOption(expiresOption())
    .addHelpText('after', SET_HELP)
    .action(async (client: string, options: ClientOptions, command: Command) =>
      (await actions()).setClient(io, command, client, options),
    );
  registerKeys(clients, io);
}

function registerKeys(clients: Command, io: Io): void {
  clients
    .command('rotate')
    .description('make a second key for a client and print it, once')
    .argument('<client>', 'its name or id')
    .addHelpText('after', ROTATE_HELP)
    .action(async (client: string, _options: object, command: Command) =>
      (await actions()).rotateClient(io, command, client),
    );
  clients
    .command('revoke')
    .description('revoke a client, or one of its keys')
    .argument('<client>', 'its name or id')
    .option('--key-id <id>', 'this key alone, as in zhongkong clients list')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', REVOKE_HELP)
    .action(async (client: string, options: RevokeOptions, command: Command) =>
      (await actions()).revokeClient(io, command, client, options),
    );
}

const appsOption = () =>
  new Option('--apps <appIds>', "the apps that it may use, with commas between; '*' for all").argParser(
    commaList,
  );
const scopesOption = () =>
  new Option('--scopes <scopes>', 'what it may do, with commas between').argParser(commaList);
const expiresOption = () =>
  new Option('--expires <when>', 'when its keys end: 90d, 12h, 2027-01-31, an instant, or never').argParser(
    (text) => expiry(text, Date.now()),
  );
