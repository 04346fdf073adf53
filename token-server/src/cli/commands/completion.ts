import { Argument, type Command } from 'commander';
import type { AppPage, ClientPage } from '../api-types.js';
import type { Io } from '../io.js';
import { connect } from '../lazy-connect.js';

const HELP = `
The script completes commands, options and their values, and asks the server for app ids and names of clients.

Examples:
  $ echo 'eval "$(zhongkong completion bash)"' >> ~/.bashrc
  $ echo 'eval "$(zhongkong completion zsh)"' >> ~/.zshrc
  $ zhongkong completion zsh > /usr/local/share/zsh/site-functions/_zhongkong`;

/** Somebody waits at the prompt. */
const TIMEOUT_MS = 1_000;
const NAMES_MAX = 50;

export function registerCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(['bash', 'zsh']))
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', HELP)
    .action(async (shell: 'bash' | 'zsh') => {
      const { completionNodes } = await import('../completion/tree.js');
      const nodes = completionNodes(program);
      const script =
        shell === 'bash'
          ? (await import('../completion/bash.js')).bashCompletion(nodes)
          : (await import('../completion/zsh.js')).zshCompletion(nodes);
      io.stdout.write(`${script}\n`);
    });
  program
    .command('complete-names', { hidden: true })
    .description('names that begin so, for completion scripts')
    .addArgument(new Argument('<what>').choices(['apps', 'clients']))
    .argument('[beginning]')
    .action((what: 'apps' | 'clients', beginning: string | undefined, _options: object, command: Command) =>
      printNames(io, command, what, beginning ?? ''),
    );
}

async function printNames(
  io: Io,
  command: Command,
  what: 'apps' | 'clients',
  beginning: string,
): Promise<void> {
  const { api, out } = await connect(command, io);
  const options = { query: { limit: NAMES_MAX, ...(beginning && { q: beginning }) }, timeoutMs: TIMEOUT_MS };
  const names =
    what === 'apps'
      ? (await api.call<AppPage>('GET', '/v1/apps', options)).body.apps.map(({ appId }) => appId)
      : (await api.call<ClientPage>('GET', '/v1/clients', options)).body.clients.map(({ name }) => name);
  // What a shell would have to quote is left out.
  for (const name of names) if (name.startsWith(beginning) && /^[\w.@+-]+$/.test(name)) out.line(name);
}
