import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createProgram } from '@zhongkong/token-server/testing';
import { ROOT, readDoc } from '../helpers/examples.js';

type Command = ReturnType<typeof createProgram>;

const program = createProgram({
  environment: {},
  workingFolder: '/',
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});

/** The commands that do something, by their full name with their arguments; groups only hold them. */
function leaves(command: Command, name: string): [usage: string, command: Command][] {
  const children = command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help');
  if (children.length === 0) {
    const names = command.registeredArguments.map((argument) => ` <${argument.name()}>`);
    return [[name + names.join(''), command]];
  }
  return children.flatMap((child) => leaves(child as Command, `${name} ${child.name()}`));
}

const COMMANDS = leaves(program, 'zhongkong');
const page = readDoc('docs/cli.md');
const flagsIn = (text: string) => [...new Set([...text.matchAll(/--[a-z-]+/g)].map(([flag]) => flag))].sort();

describe('docs/cli.md', () => {
  const rows = [...page.matchAll(/^\| `(zhongkong [^`]+)` \|(.*)$/gm)].map(([, usage = '', rest = '']) => [
    usage,
    rest,
  ]);

  it('has a row for every command, in the order of the help, and for nothing else', () => {
    expect(rows.map(([usage]) => usage)).toEqual(COMMANDS.map(([usage]) => usage));
  });

  it.each(COMMANDS)('names the options of %s, and no others', (usage, command) => {
    const [, rest = ''] = rows.find(([name]) => name === usage) ?? [];
    const flags = command.options.flatMap(({ long }) => long ?? []).sort();
    expect(flagsIn(rest)).toEqual(flags);
  });

  it('names the options that all commands have', () => {
    const table = page.slice(page.indexOf('## Which server'), page.indexOf('## Output'));
    const rowsOfTable = table.split('\n').filter((line) => line.startsWith('| `--'));
    const shared = program.options.flatMap(({ long }) => long ?? []).filter((flag) => flag !== '--version');
    expect(flagsIn(rowsOfTable.join('\n'))).toEqual(shared.sort());
  });
});

describe('the help', () => {
  it.each(COMMANDS)('of %s has examples that begin with this command', (usage, command) => {
    let text = '';
    command.configureOutput({
      writeOut: (more) => {
        text += more;
      },
    });
    command.outputHelp();
    const examples = text.split('Examples:\n')[1]?.trimEnd().split('\n') ?? [];
    const name = usage.replaceAll(/ <\w+>/g, '');
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.filter((line) => !line.includes(name))).toEqual([]);
  });
});

describe('a command line in the docs', () => {
  const lines = readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => readDoc(`docs/${name}`).match(/^(?:npx )?zhongkong .*$/gm) ?? []);

  it.each([...new Set(lines)])('names a command and options that exist: %s', (line) => {
    const found = COMMANDS.filter(([usage]) => line.includes(usage.replaceAll(/ <\w+>/g, '')));
    expect(found).toHaveLength(1);
    const flags = [program, found[0]?.[1]].flatMap((command) => command?.options.map(({ long }) => long));
    for (const flag of flagsIn(line)) expect(flags).toContain(flag);
  });
});
