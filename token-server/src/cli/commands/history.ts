import { type Command, Option } from 'commander';
import { wholeNumber } from '../input/parse.js';
import type { Io } from '../io.js';
import type { HistoryOptions } from './history-actions.js';

const HELP = `
The newest entries come first; with --follow the oldest first, and each new one as it comes, until Ctrl-C. With --follow
and --json: one JSON object a line.

Examples:
  $ zhongkong history wx0123456789abcdef
  $ zhongkong history wx0123456789abcdef --limit 500 --json
  $ zhongkong history wx0123456789abcdef --follow`;

export function registerHistory(program: Command, io: Io): void {
  program
    .command('history')
    .description('show what happened to the token of an app')
    .argument('<appId>', 'the app')
    .addOption(new Option('-n, --limit <n>', 'how many').argParser(wholeNumber(1, 500)).default(20))
    .option('--before <id>', 'those older than this entry')
    .addOption(
      new Option('--kind <kind>', 'whose history')
        .choices(['access-token', 'jsapi', 'wx_card'])
        .default('access-token'),
    )
    .addOption(new Option('-f, --follow', 'go on with each new entry').conflicts('before'))
    .addHelpText('after', HELP)
    .action(async (appId: string, options: HistoryOptions, command: Command) =>
      (await import('./history-actions.js')).showHistory(io, command, appId, options),
    );
}
