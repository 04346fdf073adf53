import { resolve } from 'node:path';
import { CliError, EXIT } from '../cli-error.js';
import { type Io, languageOf } from '../io.js';
import { createOutput, type Output } from '../output/output.js';
import { createProgress } from '../output/progress.js';

export async function runBackup(io: Io, file: string): Promise<void> {
  const { backUp } = await import('../../backup/backup.js');
  const path = resolve(io.workingFolder, file);
  await run(io, async (out, onProgress) => {
    const { entries, place, masterKeyId, masterKeyFile } = await backUp(io, path, onProgress);
    out.line(`${entries} entries of ${place} were saved into ${path}.`);
    if (masterKeyId === null) return;
    const where = masterKeyFile ?? 'ZHONGKONG_MASTER_KEY';
    out.note(`Only the master key ${masterKeyId} opens it: keep ${where} too, in another place.`);
  });
}

export async function runRestore(io: Io, file: string, replace: boolean): Promise<void> {
  const { restore } = await import('../../backup/backup.js');
  const path = resolve(io.workingFolder, file);
  await run(io, async (out, onProgress) => {
    const { entries, createdAt, place } = await restore(io, { path, replace, onProgress });
    out.line(`${entries} entries of ${createdAt} are now in ${place}. Start the servers.`);
  });
}

async function run(
  io: Io,
  work: (out: Output, onProgress: (text: string) => void) => Promise<void>,
): Promise<void> {
  const [{ ConfigError }, { StartError }] = await Promise.all([
    import('../../config/config-error.js'),
    import('../../start-error.js'),
  ]);
  const progress = createProgress(io.stderr);
  try {
    await work(createOutput(io, false, languageOf(io.environment)), progress.show);
  } catch (error) {
    if (error instanceof ConfigError) throw new CliError(error.message, { exitCode: EXIT.badUsage });
    if (error instanceof StartError) throw new CliError(error.message);
    throw error;
  } finally {
    progress.clear();
  }
}
