import type { Argument, Command, Option } from 'commander';

export interface CompletionOption {
  /** `--limit`, and `-n` if there is a short form. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
  readonly isFile: boolean;
}

/** What may come after a command. */
export interface CompletionNode {
  /** Empty for the program itself, `/apps/list` for a command of a group. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletionOption[];
  /** What its first argument is: an app, a client, one of these words, or anything. */
  readonly argument: 'apps' | 'clients' | readonly string[] | undefined;
}

/** Every command with what may follow it. */
export function completionNodes(program: Command): CompletionNode[] {
  return nodesBelow(program, '', []);
}

/** The options whose next word is a value, each once: one name means the same in every command. */
export function valueOptions(nodes: readonly CompletionNode[]): CompletionOption[] {
  const options = nodes.flatMap((node) => node.options.filter(({ takesValue }) => takesValue));
  return [...new Map(options.map((option) => [option.flags.join(), option])).values()];
}

function nodesBelow(command: Command, path: string, inherited: readonly Option[]): CompletionNode[] {
  const help = command.createHelp();
  const children = help.visibleCommands(command).filter((child) => child.name() !== 'help');
  const shared = help.showGlobalOptions === false ? [] : inherited;
  const isLocal = command.configureHelp().showGlobalOptions === false;
  const options = [...help.visibleOptions(command), ...(isLocal ? [] : shared)];
  const handedDown =
    path === '' ? command.options.filter(({ hidden, long }) => !hidden && long !== '--version') : inherited;
  const node: CompletionNode = {
    path,
    commands: children.map((child) => ({ name: child.name(), description: child.description() })),
    options: options.map(toOption),
    argument: argumentKind(command.registeredArguments[0]),
  };
  return [node, ...children.flatMap((child) => nodesBelow(child, `${path}/${child.name()}`, handedDown))];
}

function toOption({
  short,
  long,
  description,
  required,
  optional,
  argChoices,
  flags,
}: Option): CompletionOption {
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    description,
    takesValue: required || optional,
    choices: argChoices ?? [],
    isFile: flags.includes('<file>'),
  };
}

function argumentKind(argument: Argument | undefined): CompletionNode['argument'] {
  if (argument === undefined) return undefined;
  if (argument.argChoices !== undefined) return argument.argChoices;
  return ({ appId: 'apps', client: 'clients' } as const)[argument.name()];
}
