import type { ReadinessAnswer } from '@zhongkong/shared/contract';
import type { Command } from 'commander';
import type { DoctorAnswer, DoctorFinding } from '../api-types.js';
import { badUsage, CliError } from '../cli-error.js';
import { connect, readTarget } from '../connect/connect.js';
import { explainNetwork } from '../connect/explain-network.js';
import { send } from '../connect/send.js';
import { isOnThisMachine } from '../connect/settings.js';
import { type Io, languageOf } from '../io.js';
import { printFindings } from '../output/finding-views.js';
import { oneLine } from '../output/one-line.js';
import { createOutput } from '../output/output.js';
import { createProgress } from '../output/progress.js';

/** A server that runs answers this question at once. */
const FIND_WITHIN_MS = 5_000;

interface Options {
  readonly config?: string;
  readonly json?: boolean;
}

interface Looked {
  readonly by: 'server' | 'command';
  readonly url: string | null;
  readonly findings: readonly DoctorFinding[];
}

type Presence = 'server' | 'silent' | 'other' | 'nobody';

export async function runDoctor(io: Io, command: Command): Promise<void> {
  const { config, json = false } = command.optsWithGlobals<Options>();
  const isUrlGiven = command.getOptionValueSourceWithGlobals('url') === 'cli';
  if (config !== undefined && isUrlGiven)
    throw badUsage('--config looks without a server, so --url has no effect: leave one of them out.');
  const out = createOutput(io, json, languageOf(io.environment));
  const progress = createProgress(io.stderr);
  const looked = await (config === undefined
    ? look(io, command, progress.show)
    : lookHere(io, config, progress.show)
  ).finally(progress.clear);
  const { findings } = looked;
  const count = (level: DoctorFinding['level']) => findings.filter((one) => one.level === level).length;
  const counts = { bad: count('bad'), warning: count('warning'), ok: count('ok') };
  if (json) out.document(JSON.stringify({ ...looked, counts }));
  else {
    if (looked.url === null && config === undefined)
      out.note('No server runs here, so this command looked by itself, as serve would start here.');
    printFindings(findings, out);
  }
  if (counts.bad > 0)
    throw new CliError(`${counts.bad} of ${findings.length} findings are bad: see what to do for each.`);
}

async function look(io: Io, command: Command, show: (text: string) => void): Promise<Looked> {
  const { address } = readTarget(command);
  const presence = await findServer(command);
  if (presence === 'server') return askServer(io, command, show);
  const url = presence === 'silent' ? address.name : null;
  const { findings } = await lookHere(io, undefined, show);
  if (url === null) return { by: 'command', url, findings };
  const { serverFinding } = await import('../../doctor/beside-server.js');
  return { by: 'command', url, findings: [serverFinding(url, null), ...findings] };
}

/** @throws CliError when the address is not of this machine, or was given and is not of a Zhongkong server */
async function findServer(command: Command): Promise<Presence> {
  const { address, tls } = readTarget(command);
  const isGiven = command.getOptionValueSourceWithGlobals('url') !== undefined;
  try {
    const request = { method: 'GET', path: '/healthz', headers: {}, timeoutMs: FIND_WITHIN_MS };
    const { status, text } = await send(address, tls, request);
    if (status === 200 && text.trim() === '{"status":"ok"}') return 'server';
    if (!isGiven) return 'other';
    throw new CliError(
      `What answers at ${address.name} is not a Zhongkong server (HTTP ${status}): correct --url or ZHONGKONG_URL.`,
    );
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { code = '', name } = error as NodeJS.ErrnoException;
    if (isOnThisMachine(address)) {
      if (name === 'TimeoutError') return 'silent';
      if (['ECONNREFUSED', 'ENOENT'].includes(code)) return 'nobody';
      if (!isGiven && (code === 'ECONNRESET' || code.startsWith('HPE_'))) return 'other';
    }
    throw new CliError(oneLine(explainNetwork(error, address, FIND_WITHIN_MS)), { cause: error });
  }
}

async function askServer(io: Io, command: Command, show: (text: string) => void): Promise<Looked> {
  const { api } = connect(command, io);
  const url = api.address.name;
  show(`the server at ${url} looks at Redis and WeChat`);
  const [answer, readiness] = await Promise.all([
    api.call<DoctorAnswer>('GET', '/v1/doctor', { accept: [404] }),
    api.call<ReadinessAnswer>('GET', '/readyz', { accept: [503] }),
  ]);
  if (answer.status === 404)
    throw new CliError(
      `The server at ${url} is older than this command and cannot look by itself: upgrade it, or run zhongkong doctor --config FILE on its machine.`,
    );
  const { serverFinding, fileBesideServer } = await import('../../doctor/beside-server.js');
  const { sortFindings } = await import('../../doctor/finding.js');
  const file = isOnThisMachine(api.address) ? fileBesideServer(io.environment, io.workingFolder) : undefined;
  const own = [serverFinding(url, readiness.body.status), ...(file === undefined ? [] : [file])];
  return { by: 'server', url, findings: sortFindings([...own, ...answer.body.findings]) };
}

async function lookHere(
  { environment, workingFolder }: Io,
  config: string | undefined,
  show: (text: string) => void,
): Promise<Looked> {
  const { examineHere } = await import('../../doctor/local-doctor.js');
  const findings = await examineHere({
    environment: config === undefined ? environment : { ...environment, ZHONGKONG_CONFIG: config },
    workingFolder,
    onProgress: (what) => show(what === 'redis' ? 'looking at Redis' : 'asking WeChat'),
  });
  return { by: 'command', url: null, findings };
}
