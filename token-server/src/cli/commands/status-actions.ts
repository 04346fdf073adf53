import type { ReadinessAnswer } from '@zhongkong/shared/contract';
import type { Command } from 'commander';
import type { AppPage, Client, ClientPage, ServerEntry } from '../api-types.js';
import { CliError } from '../cli-error.js';
import type { Api } from '../connect/api.js';
import type { Io } from '../io.js';
import { connect } from '../lazy-connect.js';
import { endsSoon } from '../output/client-views.js';
import type { Output } from '../output/output.js';
import { instant } from '../output/times.js';
import { PAGE_MAX, pagesOf } from '../pages.js';
import {
  type AppCounts,
  type ClientCounts,
  countApps,
  type Findings,
  phasesText,
  serverText,
  troubles,
} from '../summarize.js';

/** Counting more would keep the user, and the server, for too long. */
const PAGES_MAX = 10;
/** A key for some apps only may not see the rest; an older server knows no list of servers; Redis may be away. */
const HIDDEN = [403, 404, 503];
/** So that all fits on one screen. */
const TROUBLES_MAX = 10;
const SERVERS_MAX = 5;

export async function showStatus(io: Io, command: Command): Promise<void> {
  const { api, out } = await connect(command, io);
  const readiness = await api.call<ReadinessAnswer>('GET', '/readyz', { accept: [503] });
  const { nowMs } = readiness;
  const [servers, apps, clients] = await Promise.all([
    api.call<{ servers?: ServerEntry[] }>('GET', '/v1/servers', { accept: HIDDEN }),
    readApps(api),
    readClients(api, nowMs),
  ]);
  const findings: Findings = {
    url: api.address.name,
    readiness: readiness.body,
    servers: servers.body.servers ?? null,
    apps,
    clients,
  };
  if (out.json) out.document(JSON.stringify(findings));
  else print(findings, out, nowMs);
  if (readiness.body.status !== 'ready')
    throw new CliError(
      `The server is ${readiness.body.status.replace('_', ' ')}: zhongkong doctor says more.`,
    );
}

async function readApps(api: Api): Promise<AppCounts> {
  let counts = countApps();
  let pages = 0;
  for await (const { body } of pagesOf<AppPage>(api, '/v1/apps', { limit: PAGE_MAX })) {
    counts = countApps(counts, body.apps);
    pages += 1;
    if (pages === PAGES_MAX) return { ...counts, isCut: Boolean(body.next) };
  }
  return counts;
}

async function readClients(api: Api, nowMs: number): Promise<ClientCounts | null> {
  const first = await api.call('GET', '/v1/clients', { query: { limit: 1 }, accept: HIDDEN });
  if (first.status !== 200) return null;
  let total = 0;
  const endingSoon: Client[] = [];
  for await (const { body } of pagesOf<ClientPage>(api, '/v1/clients', { limit: PAGE_MAX })) {
    total += body.clients.length;
    endingSoon.push(...body.clients.filter((client) => endsSoon(client, nowMs)));
  }
  return { total, endingSoon };
}

function print(findings: Findings, out: Output, nowMs: number): void {
  const { url, readiness, servers, apps, clients } = findings;
  const isReady = readiness.status === 'ready';
  const others = (servers ?? []).filter(({ isThisServer }) => !isThisServer);
  out.facts([
    ['server', { text: `${url}, ${serverText(findings)}`, style: isReady ? 'green' : 'red' }],
    ['redis', { text: readiness.redis, style: readiness.redis === 'reachable' ? 'green' : 'red' }],
    ['apps', phasesText(apps)],
    [
      'clients',
      clients === null ? 'not known: it takes a key for all apps, and Redis' : String(clients.total),
    ],
    ...others
      .slice(0, SERVERS_MAX)
      .map(({ id, url: otherUrl, version, seenAt }): [string, string] => [
        'other server',
        `${otherUrl ?? id}, version ${version}, seen ${instant(seenAt, out.view(nowMs))}`,
      ]),
    ...(others.length > SERVERS_MAX
      ? [['other servers', `${others.length} in all`] as [string, string]]
      : []),
  ]);
  const found = troubles(findings, out.language);
  if (found.length === 0) {
    out.line('nothing needs attention');
    return;
  }
  out.line(out.paint('bold', `${found.length} need${found.length === 1 ? 's' : ''} attention:`));
  out.facts(found.slice(0, TROUBLES_MAX).map(([place, text]) => [place, { text, style: 'yellow' }]));
  if (found.length > TROUBLES_MAX)
    out.line(
      `… and ${found.length - TROUBLES_MAX} more: zhongkong apps list --all, zhongkong clients list --all`,
    );
}
