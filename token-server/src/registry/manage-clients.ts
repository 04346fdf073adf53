import { randomBytes } from 'node:crypto';
import type { RegistryEntry, RegistryStore } from '@zhongkong/jobs';
import { type Bilingual, type Clock, fingerprint, sha256Hex } from '@zhongkong/shared';
import type { ClientDirectory } from '../clients/client-directory.js';
import { type ClientEntry, clientEntry } from '../clients/client-entry.js';
import type { LastUsed } from '../clients/last-used.js';
import type { Scope } from '../config/config.js';
import { HttpProblem } from '../http/problem.js';
import type { AppDirectory } from '../tokens/app-directory.js';
import type { Actor, Audit } from './audit.js';
import { putWithRetry } from './put-with-retry.js';

/** One for use, and one for changing over. */
const KEYS_MAX = 2;
const KEY_CHARACTERS = 40;
const KEY_PREFIX = 'zk_';
const DEFAULT_SCOPES: readonly Scope[] = ['token:read', 'token:refresh'];

export interface ManageClientsDeps {
  readonly store: RegistryStore;
  readonly clients: ClientDirectory;
  readonly apps: AppDirectory;
  readonly lastUsed: LastUsed;
  readonly audit: Audit;
  readonly clock: Clock;
  /** Takes over what the registry holds now. */
  readonly sync: () => Promise<void>;
}

interface ClientChange {
  readonly apps?: readonly string[] | undefined;
  readonly scopes?: readonly Scope[] | undefined;
  /** Null: never. */
  readonly expiresAt?: string | null | undefined;
  readonly dropInExpiresIn?: number | null | undefined;
}

type NewClient = ClientChange & { readonly name: string; readonly apps: readonly string[] };

/** A key of a client; it is shown to the operator once, and kept nowhere. */
interface MadeKey {
  readonly id: string;
  readonly createdAtMs: number;
  readonly key: string;
}

/** Creates, changes and removes clients of the registry. All methods throw HttpProblem, CodedError `store_unavailable`. */
export interface ManageClients {
  create(actor: Actor, client: NewClient): Promise<{ id: string; made: MadeKey }>;
  change(actor: Actor, id: string, change: ClientChange): Promise<void>;
  remove(actor: Actor, id: string): Promise<void>;
  addKey(actor: Actor, id: string): Promise<MadeKey>;
  revokeKey(actor: Actor, id: string, keyId: string): Promise<void>;
}

export function createManageClients(deps: ManageClientsDeps): ManageClients {
  const { store, clients, apps, lastUsed, audit, clock, sync } = deps;

  function checkFacts({ apps: named = [], expiresAt }: ClientChange): void {
    const unknown = named.find((appId) => appId !== '*' && !apps.has(appId));
    if (unknown !== undefined)
      throw invalid({
        en: `apps: there is no app ${unknown}; give "*" for all apps`,
        zh: `apps：没有应用 ${unknown}；用 "*" 表示全部应用`,
      });
    if (typeof expiresAt === 'string' && Date.parse(expiresAt) <= clock.nowMs())
      throw invalid({ en: 'expiresAt: must lie in the future', zh: 'expiresAt：必须是将来的时间' });
  }

  function refuseFile(id: string): void {
    if (clients.fileClients().every((client) => client.id !== id)) return;
    const detail = {
      en: 'This client stands in the configuration file: change it there, then reload.',
      zh: '该客户端写在配置文件里：请在配置文件中修改，然后重新加载。',
    };
    throw new HttpProblem(detail, { code: 'conflict' });
  }

  /** Changes the entry of a client that exists. @returns what was there and what is there now */
  async function update(
    id: string,
    next: (before: ClientEntry) => ClientEntry | undefined,
  ): Promise<{ before: ClientEntry; after: ClientEntry | undefined }> {
    refuseFile(id);
    let result: { before: ClientEntry; after: ClientEntry | undefined } | undefined;
    await putWithRetry(store, 'clients', id, async (current) => {
      const before = parse(current);
      if (before === undefined) throw noSuchClient();
      result = { before, after: next(before) };
      return result.after;
    });
    await sync();
    if (result === undefined) throw new Error('an entry was stored that was never made');
    return result;
  }

  return {
    async create(actor, { name, ...rest }) {
      checkFacts(rest);
      // Made from the name, so that two clients of one name cannot come to be at the same moment.
      const id = `api-${fingerprint(name)}`;
      const made = makeKey(clock.nowMs());
      const entry = changed(emptyEntry(name, made), rest);
      const isTaken = clients.fileClients().some((client) => client.name === name);
      await putWithRetry(store, 'clients', id, async (current) => {
        if (current === undefined && !isTaken) return entry;
        const detail = {
          en: `There is a client "${name}" already.`,
          zh: `已有名为“${name}”的客户端。`,
        };
        throw new HttpProblem(detail, { code: 'conflict' });
      });
      await sync();
      await audit.note(actor, { action: 'client.create', target: name, after: forAudit(entry) });
      return { id, made };
    },
    async change(actor, id, change) {
      checkFacts(change);
      const { before, after } = await update(id, (entry) => changed(entry, change));
      await audit.note(actor, {
        action: 'client.change',
        target: before.name,
        before: forAudit(before),
        ...(after && { after: forAudit(after) }),
      });
    },
    async remove(actor, id) {
      const { before } = await update(id, () => undefined);
      await lastUsed.forget(before.keys.map((key) => key.id));
      await audit.note(actor, { action: 'client.remove', target: before.name, before: forAudit(before) });
    },
    async addKey(actor, id) {
      const made = makeKey(clock.nowMs());
      const { before } = await update(id, (entry) => {
        if (entry.keys.length < KEYS_MAX) return { ...entry, keys: [...entry.keys, toKeyEntry(made)] };
        throw tooManyKeys(entry.name);
      });
      await audit.note(actor, {
        action: 'key.create',
        target: before.name,
        after: keyForAudit(toKeyEntry(made)),
      });
      return made;
    },
    async revokeKey(actor, id, keyId) {
      const { before } = await update(id, (entry) => {
        const keys = entry.keys.filter((key) => key.id !== keyId);
        if (keys.length < entry.keys.length) return { ...entry, keys };
        const detail = { en: 'The client has no such key.', zh: '该客户端没有这个密钥。' };
        throw new HttpProblem(detail, { code: 'not_found' });
      });
      await lastUsed.forget([keyId]);
      const revoked = before.keys.filter((key) => key.id === keyId).map(keyForAudit)[0];
      await audit.note(actor, {
        action: 'key.revoke',
        target: before.name,
        ...(revoked && { before: revoked }),
      });
    },
  };
}

function emptyEntry(name: string, made: MadeKey): ClientEntry {
  return {
    name,
    apps: [],
    scopes: [...DEFAULT_SCOPES],
    createdAtMs: made.createdAtMs,
    expiresAtMs: null,
    keys: [toKeyEntry(made)],
  };
}

/** @throws HttpProblem `invalid_request` */
function changed(entry: ClientEntry, change: ClientChange): ClientEntry {
  const { apps = entry.apps, scopes = entry.scopes, expiresAt, dropInExpiresIn } = change;
  const { dropInExpiresIn: last, ...rest } = entry;
  const seconds = dropInExpiresIn === undefined ? last : (dropInExpiresIn ?? undefined);
  if (seconds !== undefined && !scopes.includes('token:read'))
    throw invalid({
      en: 'dropInExpiresIn: has no effect without the scope "token:read"',
      zh: 'dropInExpiresIn：没有 "token:read" 权限时不起作用',
    });
  return {
    ...rest,
    apps: [...apps],
    scopes: [...scopes],
    expiresAtMs: expiresAt === undefined ? entry.expiresAtMs : expiresAt && Date.parse(expiresAt),
    ...(seconds === undefined ? {} : { dropInExpiresIn: seconds }),
  } as ClientEntry;
}

function makeKey(nowMs: number): MadeKey {
  const random = randomBytes(KEY_CHARACTERS).toString('base64url');
  const key = `${KEY_PREFIX}${random}`.slice(0, KEY_CHARACTERS);
  return { id: randomBytes(6).toString('hex'), createdAtMs: nowMs, key };
}

function toKeyEntry({ id, createdAtMs, key }: MadeKey): ClientEntry['keys'][number] {
  return { id, sha256: sha256Hex(key), createdAtMs };
}

function parse(entry: RegistryEntry | undefined): ClientEntry | undefined {
  return clientEntry.safeParse(entry?.value).data;
}

function invalid({ en, zh }: Bilingual): HttpProblem {
  const detail = { en: `The body is not valid: ${en}.`, zh: `请求体无效：${zh}。` };
  return new HttpProblem(detail, { code: 'invalid_request' });
}

function tooManyKeys(name: string): HttpProblem {
  const detail = {
    en: `The client "${name}" has ${KEYS_MAX} keys already: revoke the one that is no longer in use first.`,
    zh: `客户端“${name}”已有 ${KEYS_MAX} 个密钥：请先吊销不再使用的那个。`,
  };
  return new HttpProblem(detail, { code: 'conflict' });
}

export function noSuchClient(): HttpProblem {
  const detail = { en: 'There is no such client.', zh: '没有这个客户端。' };
  return new HttpProblem(detail, { code: 'not_found' });
}

function forAudit({ keys, ...rest }: ClientEntry): object {
  return { ...rest, keys: keys.map(keyForAudit) };
}

function keyForAudit({ id, sha256 }: ClientEntry['keys'][number]): object {
  return { id, fingerprint: sha256.slice(0, 12) };
}
