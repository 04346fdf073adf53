import { sha256Hex } from '@zhongkong/shared';
import type { AppConfig, ClientSettings, Config } from './config.js';
import { type Checked, type ConfigFault, checked } from './config-error.js';
import type { ConfigFile } from './config-file.js';
import type { AppInput, ClientInput, PolicyInput } from './config-file-schema.js';
import { keyOf } from './describe-issue.js';
import { resolveSecret, type SecretSources } from './resolve-secret.js';
import { toPolicy } from './to-policy.js';

type Note = (path: readonly PropertyKey[], message: string) => void;

/** Finds the secrets that a file points to, and checks what goes across its entries. */
export function resolveFile(
  file: ConfigFile,
  sources: SecretSources,
): Checked<Pick<Config, 'apps' | 'clients'>> {
  const { values, placeOf } = file;
  const faults: ConfigFault[] = [];
  const note: Note = (path, message) => faults.push({ key: keyOf(path), place: placeOf(path), message });

  const apps = values.apps.map((app, index) =>
    resolveApp(app, values.policy, sources, under(note, 'apps', index)),
  );
  const clients = values.clients.map((client, index) =>
    resolveClient(client, sources, under(note, 'clients', index)),
  );

  noteRepeats(
    values.apps,
    (app) => app.appId,
    (index) => note(['apps', index, 'appId'], 'the same app is listed above'),
  );
  noteRepeats(
    values.clients,
    (client) => client.name,
    (index) => note(['clients', index, 'name'], 'a client above has this name'),
  );
  noteRepeats(
    clients,
    (client) => client?.keySha256,
    (index) => note(['clients', index], 'a client above has the same key'),
  );
  noteUnknownApps(values.clients, new Set(values.apps.map(({ appId }) => appId)), note);
  return checked(() => ({ apps: apps.filter(isThere), clients: clients.filter(isThere) }), faults);
}

function resolveApp(
  app: AppInput,
  forAll: PolicyInput,
  sources: SecretSources,
  note: Note,
): AppConfig | undefined {
  const name = app.name === undefined ? {} : { name: app.name };
  if (app.mode === 'external' && givesNone(app)) {
    return { appId: app.appId, secret: null, policy: toPolicy(app.mode, forAll, app.policy), ...name };
  }
  const found = resolveSecret(app, 'secret', [], sources);
  if (!('secret' in found)) {
    note([found.key], found.message);
    return undefined;
  }
  return { appId: app.appId, secret: found.secret, policy: toPolicy(app.mode, forAll, app.policy), ...name };
}

/** In external mode nothing is fetched with the secret, so it need not be given. */
function givesNone({ secret, secretFile, secretEnv }: AppInput): boolean {
  return secret === undefined && secretFile === undefined && secretEnv === undefined;
}

function resolveClient(client: ClientInput, sources: SecretSources, note: Note): ClientSettings | undefined {
  const { name, apps, scopes } = client;
  const found = resolveSecret(client, 'key', ['keySha256'], sources);
  if (!('secret' in found)) {
    note([found.key], found.message);
    return undefined;
  }
  return { name, apps, scopes, keySha256: client.keySha256 ?? sha256Hex(found.secret) };
}

function noteUnknownApps(clients: readonly ClientInput[], known: ReadonlySet<string>, note: Note): void {
  clients.forEach((client, index) => {
    client.apps.forEach((appId, at) => {
      if (appId === '*' || known.has(appId)) return;
      note(
        ['clients', index, 'apps', at],
        'is none of the apps above; list it there, or give "*" for all apps',
      );
    });
  });
}

function noteRepeats<T>(
  entries: readonly T[],
  nameOf: (entry: T) => string | undefined,
  note: (index: number) => void,
): void {
  const names = entries.map(nameOf);
  names.forEach((name, index) => {
    if (name !== undefined && names.indexOf(name) < index) note(index);
  });
}

function under(note: Note, ...prefix: PropertyKey[]): Note {
  return (path, message) => note([...prefix, ...path], message);
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}
