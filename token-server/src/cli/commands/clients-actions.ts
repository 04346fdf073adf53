import type { Command } from 'commander';
import type { Client, ClientPage, NewClient, NewKey } from '../api-types.js';
import { badUsage, CliError } from '../cli-error.js';
import type { Api } from '../connect/api.js';
import { confirm } from '../input/ask.js';
import type { Io } from '../io.js';
import { connect } from '../lazy-connect.js';
import { CLIENT_HEADINGS, clientRow } from '../output/client-views.js';
import { PAGE_MAX, pagesOf } from '../pages.js';

export interface ClientListOptions {
  readonly all?: boolean;
  readonly limit?: number;
  readonly search?: string;
}

export interface ClientOptions {
  readonly apps?: readonly string[];
  readonly scopes?: readonly string[];
  /** An instant, or `never`. */
  readonly expires?: string;
}

export interface RevokeOptions {
  readonly keyId?: string;
  readonly yes?: boolean;
}

const PATH = '/v1/clients';
const pathOf = (id: string) => `${PATH}/${encodeURIComponent(id)}`;

export async function listClients(io: Io, command: Command, options: ClientListOptions): Promise<void> {
  const { api, out } = await connect(command, io);
  const { all = false, limit, search: q } = options;
  const clients: Client[] = [];
  let [nowMs, next, text] = [0, null as string | null, ''];
  for await (const page of pagesOf<ClientPage>(api, PATH, { q, limit: all ? PAGE_MAX : limit })) {
    clients.push(...page.body.clients);
    ({ nowMs, text } = page);
    next = page.body.next;
    if (!all) break;
  }
  if (out.json) return out.document(all ? JSON.stringify({ clients, next: null }) : text);
  out.table(
    CLIENT_HEADINGS,
    clients.map((client) => clientRow(client, out.view(nowMs))),
  );
  if (next) out.note('There are more: --all shows them.');
}

export async function createClient(
  io: Io,
  command: Command,
  name: string,
  { apps, scopes, expires }: ClientOptions,
): Promise<void> {
  const { api, out } = await connect(command, io);
  const { body, text } = await api.call<NewClient>('POST', PATH, {
    body: { name, apps, ...(scopes && { scopes }), ...(expires && expiresAt(expires)) },
  });
  if (out.json) return out.document(text);
  out.line(body.key);
  out.note(`The client ${body.name} (id ${body.id}) was created. Its key is not shown again: keep it now.`);
}

export async function setClient(
  io: Io,
  command: Command,
  nameOrId: string,
  options: ClientOptions,
): Promise<void> {
  const { apps, scopes, expires } = options;
  const body = {
    ...(apps && { apps }),
    ...(scopes && { scopes }),
    ...(expires && expiresAt(expires)),
  };
  if (Object.keys(body).length === 0)
    throw badUsage('Nothing to change was given: name it with --apps, --scopes or --expires.');
  const { api, out } = await connect(command, io);
  const { id } = await findClient(api, nameOrId);
  const { text } = await api.call<Client>('PUT', pathOf(id), { body });
  if (out.json) out.document(text);
  else out.line(`The client ${nameOrId} was changed.`);
}

export async function rotateClient(io: Io, command: Command, nameOrId: string): Promise<void> {
  const { api, out } = await connect(command, io);
  const client = await findClient(api, nameOrId);
  const { body, text } = await api.call<NewKey>('POST', `${pathOf(client.id)}/keys`);
  if (out.json) return out.document(text);
  out.line(body.key);
  const old = client.keys.map(({ id }) => id).join(', ');
  out.note(
    `The client ${client.name} has a second key (id ${body.id}), which is not shown again: keep it now. Both keys work. Give its programs the new one; when zhongkong clients list shows no more use of the old one (id ${old}), end that: zhongkong clients revoke ${client.name} --key-id ${old}`,
  );
}

export async function revokeClient(
  io: Io,
  command: Command,
  nameOrId: string,
  { keyId, yes }: RevokeOptions,
): Promise<void> {
  const { api, out } = await connect(command, io);
  const client = await findClient(api, nameOrId);
  const { id, name, keys } = client;
  if (keyId !== undefined && !keys.some((key) => key.id === keyId))
    throw new CliError(
      `The client ${name} has no key ${keyId}: it has ${keys.map((key) => key.id).join(', ')}. Nothing was changed.`,
    );
  const what = keyId === undefined ? `The client ${name} and all its keys` : `The key ${keyId} of ${name}`;
  await confirm(io, yes, `${what} will be refused from now on. Revoke?`);
  await api.call(
    'DELETE',
    keyId === undefined ? pathOf(id) : `${pathOf(id)}/keys/${encodeURIComponent(keyId)}`,
  );
  if (!out.json) out.line(`${what} ${keyId === undefined ? 'were' : 'was'} revoked.`);
}

function expiresAt(expires: string): object {
  return { expiresAt: expires === 'never' ? null : expires };
}

/** The client of this id, or else of this name. @throws CliError when there is none */
async function findClient(api: Api, nameOrId: string): Promise<Client> {
  let named: Client | undefined;
  for await (const { body } of pagesOf<ClientPage>(api, PATH, { limit: PAGE_MAX })) {
    const client = body.clients.find(({ id }) => id === nameOrId);
    if (client !== undefined) return client;
    named ??= body.clients.find(({ name }) => name === nameOrId);
  }
  if (named !== undefined) return named;
  throw new CliError(`There is no client ${nameOrId}: zhongkong clients list shows them.`);
}
