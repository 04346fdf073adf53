import { fingerprint, sha256Hex } from '@zhongkong/shared';
import type { LogLevel } from '../logger.js';
import type { AppConfig, ClientSettings, Config } from './config.js';
import type { Checked, ConfigFault } from './config-error.js';
import type { ConfigFile } from './config-file.js';
import type { AppInput, ClientInput, PolicyInput } from './config-file-schema.js';
import { keyOf } from './describe-issue.js';
import { resolveAlert } from './resolve-alert.js';
import { resolveSecret, type SecretSources } from './secrets/resolve-secret.js';
import { toPolicy } from './to-policy.js';

const HEADER_SAFE = /^[\x21-\x7e]+$/;
const KEY_CHARACTERS_ADVISED = 16;
const MAKE_A_KEY = 'make one with openssl rand -hex 20';
const SAME_AS_SECRET = `must not be an AppSecret, which would then be known to the client: ${MAKE_A_KEY}`;

type Note = (path: readonly PropertyKey[], message: string) => void;

/** What the configuration file gives. */
export type FileConfig = Pick<Config, 'apps' | 'policy' | 'clients' | 'alerts' | 'warnings'> & {
  /** Undefined: the file does not say. */
  readonly logLevel: LogLevel | undefined;
};

/**
 * Finds the secrets that a file points to, and checks its entries against each other. Entries that are not valid are
 * left out of these checks.
 */
export function resolveFile(file: ConfigFile, sources: SecretSources): Checked<FileConfig> {
  const { placeOf } = file;
  const faults: ConfigFault[] = [...file.faults];
  const note: Note = (path, message) => faults.push({ key: keyOf(path), place: placeOf(path), message });

  const apps = file.apps.map(
    (app, index) => app && resolveApp(app, file.policy, sources, under(note, 'apps', index)),
  );
  const secrets = new Set(apps.map((app) => app?.secret && sha256Hex(app.secret)));
  const warnings: string[] = [];
  const clients = file.clients.map(
    (client, index) =>
      client && resolveClient(client, secrets, sources, under(note, 'clients', index), warnings),
  );

  noteRepeats(
    file.appIds,
    (appId) => appId,
    (index) => note(['apps', index, 'appId'], 'the same app is listed above'),
  );
  noteRepeats(
    file.clients,
    (client) => client?.name,
    (index) => note(['clients', index, 'name'], 'a client above has the same name'),
  );
  noteRepeats(
    clients,
    (client) => client?.keySha256,
    (index) => note(['clients', index], 'a client above has the same key'),
  );
  noteUnknownApps(file, note);
  const alerts = file.alerts.map(
    (alert, index) => alert && resolveAlert(alert, sources, under(note, 'alerts', index)),
  );
  if (faults.length > 0) return { ok: false, faults };
  return {
    ok: true,
    value: {
      apps: apps.filter(isDefined),
      policy: file.policy,
      clients: clients.filter(isDefined),
      alerts: alerts.filter(isDefined),
      logLevel: file.logLevel,
      warnings,
    },
  };
}

function resolveApp(
  app: AppInput,
  forAll: PolicyInput,
  sources: SecretSources,
  note: Note,
): AppConfig | undefined {
  const { appId, mode, policy: own, name } = app;
  const settings = {
    appId,
    source: 'file' as const,
    policy: toPolicy(mode, forAll, own),
    ...dropInSettings(own?.dropInExpiresIn ?? forAll.dropInExpiresIn),
    ...(name === undefined ? {} : { name }),
  };
  if (mode === 'external' && hasNoSecret(app)) return { ...settings, secret: null };
  const found = resolveSecret(app, 'secret', [], sources);
  if ('message' in found) {
    note([found.key], found.message);
    return undefined;
  }
  return {
    ...settings,
    get secret() {
      return found.read();
    },
  };
}

/** In external mode nothing is fetched, so the secret may be missing. */
function hasNoSecret({ secret, secretFile, secretEnv }: AppInput): boolean {
  return secret === undefined && secretFile === undefined && secretEnv === undefined;
}

/** @param secrets SHA-256 of each AppSecret: none of them may be a client key */
function resolveClient(
  client: ClientInput,
  secrets: ReadonlySet<string | null | undefined>,
  sources: SecretSources,
  note: Note,
  warnings: string[],
): ClientSettings | undefined {
  const { name, apps, scopes, dropInExpiresIn } = client;
  if (dropInExpiresIn !== undefined && !scopes.includes('token:read'))
    note(['dropInExpiresIn'], 'has no effect without the scope "token:read"; add that, or leave this out');
  const found = resolveSecret(client, 'key', ['keySha256'], sources);
  if ('message' in found) {
    note([found.key], found.message);
    return undefined;
  }
  const isHash = found.key === 'keySha256';
  const hash = () => (isHash ? found.read() : sha256Hex(found.read()));
  if (!isHash && !HEADER_SAFE.test(found.read()))
    note([found.key], 'must be printable ASCII without spaces, since a client key is sent in a header');
  if (secrets.has(hash())) note([found.key], SAME_AS_SECRET);
  if (!isHash && found.read().length < KEY_CHARACTERS_ADVISED)
    warnings.push(`the key of the client "${name}" is short and may be guessed: ${MAKE_A_KEY}`);
  const id = fileClientId(name);
  return {
    id,
    keyId: `${id}-key`,
    source: 'file',
    name,
    apps,
    scopes,
    ...dropInSettings(dropInExpiresIn),
    get keySha256() {
      return hash();
    },
  };
}

/** The same for the same name, so that it can be used in a path. */
export function fileClientId(name: string): string {
  return `file-${fingerprint(name)}`;
}

function dropInSettings(seconds: number | undefined): { dropInExpiresInSeconds?: number } {
  return seconds === undefined ? {} : { dropInExpiresInSeconds: seconds };
}

function noteUnknownApps({ clients, appIds }: ConfigFile, note: Note): void {
  // An app whose id cannot be read may be the one that the client names.
  if (appIds.includes(undefined)) return;
  clients.forEach((client, index) => {
    client?.apps.forEach((appId, at) => {
      if (appId === '*' || appIds.includes(appId)) return;
      note(
        ['clients', index, 'apps', at],
        'is not one of the apps above; list it there, or give "*" for all apps',
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

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
