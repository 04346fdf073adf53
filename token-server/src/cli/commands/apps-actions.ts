import type { Command } from 'commander';
import type { App, AppPage } from '../api-types.js';
import { badUsage, CliError } from '../cli-error.js';
import type { Api } from '../connect/api.js';
import type { Connection } from '../connect/connect.js';
import { confirm } from '../input/ask.js';
import { readSecret } from '../input/read-secret.js';
import type { Io } from '../io.js';
import { connect } from '../lazy-connect.js';
import { APP_HEADINGS, appFacts, appRow } from '../output/app-views.js';
import { PAGE_MAX, pagesOf } from '../pages.js';

export interface ChangeOptions {
  readonly name?: string;
  readonly mode?: string;
  /** Seconds and counts by name; null takes the app's own value away. */
  readonly policy?: Readonly<Record<string, number | null>>;
  readonly secretFile?: string;
  readonly secret?: boolean;
  /** False: the secret is not tried at WeChat. */
  readonly try: boolean;
}

export interface ListOptions {
  readonly all?: boolean;
  readonly limit?: number;
  readonly after?: string;
  readonly search?: string;
  readonly phase?: string;
}

const pathOf = (appId: string) => `/v1/apps/${encodeURIComponent(appId)}`;

export async function listApps(io: Io, command: Command, options: ListOptions): Promise<void> {
  const { api, out } = await connect(command, io);
  const { all = false, limit, after, search: q, phase } = options;
  if (all) return listAllApps({ api, out }, { q, phase, after });
  const query = { limit, after, q, phase };
  const { body, text, nowMs } = await api.call<AppPage>('GET', '/v1/apps', { query });
  if (out.json) return out.document(text);
  out.table(
    APP_HEADINGS,
    body.apps.map((app) => appRow(app, out.view(nowMs))),
  );
  if (body.next) out.note(`There are more: --all shows them, --after ${body.next} the next page.`);
}

async function listAllApps(
  { api, out }: Connection,
  query: Record<string, string | undefined>,
): Promise<void> {
  const apps: App[] = [];
  let nowMs = 0;
  for await (const page of pagesOf<AppPage>(api, '/v1/apps', { ...query, limit: PAGE_MAX })) {
    apps.push(...page.body.apps);
    nowMs = page.nowMs;
  }
  if (out.json) return out.document(JSON.stringify({ apps, next: null }));
  out.table(
    APP_HEADINGS,
    apps.map((app) => appRow(app, out.view(nowMs))),
  );
}

export async function showApp(io: Io, command: Command, appId: string): Promise<void> {
  const { api, out } = await connect(command, io);
  const { body, text, nowMs } = await api.call<App>('GET', pathOf(appId));
  if (out.json) out.document(text);
  else out.facts(appFacts(body, out.view(nowMs)));
}

export async function addApp(io: Io, command: Command, appId: string, options: ChangeOptions): Promise<void> {
  const connection = await connect(command, io);
  if (await isThere(connection.api, appId))
    throw new CliError(`There is an app ${appId} already: change it with zhongkong apps set.`);
  const needsSecret = options.mode !== 'external' || options.secretFile !== undefined;
  const secret = needsSecret ? await readSecret(io, options.secretFile, appId) : undefined;
  const message = `The app ${appId} was added.${secret === undefined || !options.try ? '' : ' WeChat took its secret.'}`;
  await change(connection, appId, options, { ...changesOf(options), ...(secret && { secret }) }, message);
}

export async function setApp(io: Io, command: Command, appId: string, options: ChangeOptions): Promise<void> {
  const given = changesOf(options);
  const takesSecret = options.secret === true || options.secretFile !== undefined;
  if (!takesSecret && Object.keys(given).length === 0)
    throw badUsage(
      'Nothing to change was given: name it with --name, --mode, --policy, --secret or --secret-file.',
    );
  const connection = await connect(command, io);
  // By itself, a change of an app that does not exist would make one.
  await connection.api.call('GET', pathOf(appId));
  const secret = takesSecret ? await readSecret(io, options.secretFile, appId) : undefined;
  const message = `The app ${appId} was changed.${secret === undefined || !options.try ? '' : ' WeChat took its new secret.'}`;
  await change(connection, appId, options, { ...given, ...(secret && { secret }) }, message);
}

export async function pauseApp(io: Io, command: Command, appId: string, paused: boolean): Promise<void> {
  const connection = await connect(command, io);
  await connection.api.call('GET', pathOf(appId));
  const message = paused
    ? `The app ${appId} is paused: its token is given out until its end, and no new one is fetched.`
    : `The app ${appId} is on again.`;
  await change(connection, appId, { try: true }, { paused }, message);
}

export async function removeApp(
  io: Io,
  command: Command,
  appId: string,
  yes: boolean | undefined,
): Promise<void> {
  const { api, out } = await connect(command, io);
  await api.call('GET', pathOf(appId));
  await confirm(
    io,
    yes,
    `The app ${appId} and its token go, and its clients get no token any more. Remove it?`,
  );
  await api.call('DELETE', pathOf(appId));
  if (!out.json) out.line(`The app ${appId} was removed.`);
}

function changesOf({ name, mode, policy }: ChangeOptions): object {
  return {
    ...(name === undefined ? {} : { name }),
    ...(mode === undefined ? {} : { mode }),
    ...(policy === undefined ? {} : { policy }),
  };
}

async function change(
  { api, out }: Connection,
  appId: string,
  options: Pick<ChangeOptions, 'try'>,
  body: object,
  message: string,
): Promise<void> {
  const query = options.try ? {} : { try: false };
  const { text } = await api.call<App>('PUT', pathOf(appId), { query, body });
  if (out.json) out.document(text);
  else out.line(message);
}

async function isThere(api: Api, appId: string): Promise<boolean> {
  return (await api.call('GET', pathOf(appId), { accept: [404] })).status !== 404;
}
