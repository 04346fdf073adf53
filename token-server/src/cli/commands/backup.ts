import type { Command } from 'commander';
import type { Io } from '../io.js';

const BACKUP_HELP = `
Saves apps, clients, tokens, histories and the list of changes from Redis into one file, as they are sealed there: without
the master key nobody can open the file. Keep the key, DATA_DIR/master.key or ZHONGKONG_MASTER_KEY, in another place.
It reads the configuration as zhongkong serve does (REDIS_URL, REDIS_PREFIX, DATA_DIR), and servers may work meanwhile.
Not in it: the configuration file, and the files of secrets that it names. See docs/backup.md.

Examples:
  $ zhongkong backup zhongkong-2026-11-27.backup
  $ REDIS_URL=redis://10.0.0.5:6379 zhongkong backup zhongkong.backup`;

const RESTORE_HELP = `
Stores a backup into the Redis of this configuration (REDIS_URL, REDIS_PREFIX, DATA_DIR), also into one of another kind:
from a server with its own Redis into a shared one, and back. Stop the servers before. It needs the master key of the
backup in ZHONGKONG_MASTER_KEY or DATA_DIR/master.key. Tokens that were replaced since are found dead and fetched anew when
the server starts. See docs/backup.md.

Examples:
  $ zhongkong restore zhongkong-2026-11-27.backup
  $ REDIS_URL=redis://10.0.0.5:6379 ZHONGKONG_MASTER_KEY=$(cat data/master.key) zhongkong restore zhongkong.backup
  $ zhongkong restore --replace zhongkong.backup`;

export function registerBackup(program: Command, io: Io): void {
  program
    .command('backup <file>')
    .description('save everything that Redis holds into a file')
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', BACKUP_HELP)
    .action(async (file: string) => (await import('./backup-actions.js')).runBackup(io, file));
  program
    .command('restore <file>')
    .description('store a backup, while the servers are stopped')
    .configureHelp({ showGlobalOptions: false })
    .option('--replace', 'remove what is there before')
    .addHelpText('after', RESTORE_HELP)
    .action(async (file: string, options: { readonly replace?: boolean }) =>
      (await import('./backup-actions.js')).runRestore(io, file, options.replace ?? false),
    );
}
