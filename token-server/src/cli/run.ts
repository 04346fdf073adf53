import { openFilesMax } from '../open-files.js';

/** Fewer open files than this do not even suffice to load the program. */
const OPEN_FILES_MIN = 256;

/** When the command is done, nothing should keep the process alive; if something does, it is ended after this time. */
const FORCE_EXIT_AFTER_MS = 2_000;

/** Runs the command line, then ends the process. It loads the rest of the program, so it imports next to nothing of it above. */
export async function run(args: readonly string[]): Promise<void> {
  const limit = openFilesMax();
  if (limit < OPEN_FILES_MIN) {
    process.stderr.write(
      `zhongkong: This process may open ${limit} files only, and needs ${OPEN_FILES_MIN} at least: raise the limit with ulimit -n 4096, or LimitNOFILE in a systemd unit.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const { main } = await import('./main.js');
  process.exitCode = await main(args);
  setTimeout(() => process.exit(), FORCE_EXIT_AFTER_MS).unref();
}
