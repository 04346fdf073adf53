import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { DATA_FORMAT, type StoredEntry, storedEntry } from '@zhongkong/jobs';
import { z } from 'zod';
import { packageVersion } from '../package-version.js';
import { StartError } from '../start-error.js';

/** The first line; one entry a line follows. */
const headerSchema = z.object({
  zhongkong: z.literal('backup'),
  /** Of what is stored, see DATA_FORMAT. */
  format: z.int().min(1),
  version: z.string(),
  createdAt: z.iso.datetime(),
  /** The master key that everything is sealed under; null: nothing is. */
  masterKeyId: z.string().nullable(),
});
export type BackupHeader = z.infer<typeof headerSchema>;

/** The last line: a file without it was cut off. */
const endSchema = z.object({ end: z.literal(true), entries: z.int().min(0) });

/**
 * Writes a backup, whole or not at all, for its owner only.
 * @returns the number of entries @throws StartError when the file cannot be written, or is there already
 */
export async function writeBackup(
  path: string,
  masterKeyId: string | null,
  entries: AsyncIterable<StoredEntry>,
): Promise<number> {
  const part = `${path}.part`;
  const header: BackupHeader = {
    zhongkong: 'backup',
    format: DATA_FORMAT,
    version: packageVersion(),
    createdAt: new Date().toISOString(),
    masterKeyId,
  };
  let count = 0;
  try {
    // So that an old backup is never replaced: the name is taken first.
    const reserved = await open(path, 'wx', 0o600);
    await reserved.close();
  } catch (error) {
    throw notWritable(path, error);
  }
  try {
    const file = await open(part, 'w', 0o600);
    try {
      await file.write(`${JSON.stringify(header)}\n`);
      for await (const entry of entries) {
        await file.write(`${JSON.stringify(entry)}\n`);
        count += 1;
      }
      await file.write(`${JSON.stringify({ end: true, entries: count })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
    return count;
  } catch (error) {
    await Promise.all([part, path].map((one) => rm(one, { force: true })));
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : notWritable(path, error);
  }
}

/** Reads the whole file once, so that a restore does not stop half-way. @throws StartError when anything in it is wrong */
export async function checkBackup(path: string): Promise<BackupHeader & { readonly entries: number }> {
  let header: BackupHeader | undefined;
  let entries = 0;
  for await (const line of linesOf(path)) {
    if (header === undefined) header = parseHeader(path, line);
    else if (line.kind === 'entry') entries += 1;
    else if (line.kind !== 'end' || line.entries !== entries) throw broken(path, entries + 2);
    else return { ...header, entries };
  }
  throw new StartError(
    header === undefined ? `${path} is empty.` : `${path} is cut off: its last line is missing.`,
  );
}

/** The entries of a file that was checked. */
export async function* readBackup(path: string): AsyncGenerator<StoredEntry> {
  for await (const line of linesOf(path)) if (line.kind === 'entry') yield line.entry;
}

type Line =
  | { readonly kind: 'header'; readonly header: BackupHeader }
  | { readonly kind: 'entry'; readonly entry: StoredEntry }
  | { readonly kind: 'end'; readonly entries: number }
  | { readonly kind: 'broken' };

async function* linesOf(path: string): AsyncGenerator<Line> {
  const input = createReadStream(path, 'utf8');
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      yield parseLine(text);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(`The backup ${path} cannot be read (${code}): correct its name.`, { cause: error });
  }
}

function parseLine(text: string): Line {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'broken' };
  }
  const header = headerSchema.safeParse(value);
  if (header.success) return { kind: 'header', header: header.data };
  const end = endSchema.safeParse(value);
  if (end.success) return { kind: 'end', entries: end.data.entries };
  const entry = storedEntry.safeParse(value);
  return entry.success ? { kind: 'entry', entry: entry.data } : { kind: 'broken' };
}

function parseHeader(path: string, line: Line): BackupHeader {
  if (line.kind !== 'header') throw new StartError(`${path} is not a backup of Zhongkong.`);
  const { format, version } = line.header;
  if (format > DATA_FORMAT)
    throw new StartError(
      `${path} was made by a newer version of Zhongkong (${version}): restore it with that version or a later one.`,
    );
  return line.header;
}

function broken(path: string, line: number): StartError {
  return new StartError(`${path} is damaged in line ${line}: take another backup.`);
}

function notWritable(path: string, cause: unknown): StartError {
  const { code } = cause as NodeJS.ErrnoException;
  const remedy = code === 'EEXIST' ? 'it is there already; choose another name' : 'choose another place';
  return new StartError(`The backup ${path} cannot be written (${code}): ${remedy}.`, { cause });
}
