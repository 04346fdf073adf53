import { PassThrough } from 'node:stream';
import { createProgram, runProgram } from '@zhongkong/token-server/testing';

interface CliOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** What is typed or piped in. */
  readonly input?: string;
  /** Whether a person sits there: input and output are a terminal of so many columns. */
  readonly terminal?: number;
}

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line in this process, which saves the start of one; tests/src/process/cli.test.ts starts real ones. */
export async function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const { environment = {}, input = '', terminal } = options;
  const isTTY = terminal !== undefined;
  const stream = () => Object.assign(new PassThrough(), { isTTY, columns: terminal ?? 0 });
  const [stdin, stdout, stderr] = [stream(), stream(), stream()];
  stdin.end(input);
  const texts = Promise.all([stdout, stderr].map(readAll));
  const io = { environment, workingFolder: '/', stdin, stdout, stderr };
  const code = await runProgram(createProgram(io), args, io);
  stdout.end();
  stderr.end();
  const [out = '', err = ''] = await texts;
  return { code, stdout: out, stderr: err };
}

async function readAll(stream: PassThrough): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
