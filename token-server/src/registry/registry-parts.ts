import {
  createRegistryStore,
  type Keys,
  type RedisClient,
  type RefreshEngine,
  type Sealer,
  type WechatClient,
} from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import { ClientDirectory } from '../clients/client-directory.js';
import { createLastUsed, type LastUsed } from '../clients/last-used.js';
import { OpenCalls } from '../clients/open-calls.js';
import { watchEndings } from '../clients/warn-of-endings.js';
import type { Config } from '../config/config.js';
import { watchSecrets } from '../config/secrets/watch-secrets.js';
import type { Logger } from '../logger.js';
import { AppDirectory } from '../tokens/app-directory.js';
import { type Audit, createAudit } from './audit.js';
import { watchLeftApps } from './left-apps.js';
import { createManageApps, type ManageApps } from './manage-apps.js';
import { createManageClients, type ManageClients } from './manage-clients.js';
import { Registry } from './registry.js';

export interface RegistryPartsDeps {
  readonly redis: RedisClient;
  readonly keys: Keys;
  readonly sealer: Sealer;
  readonly wechat: WechatClient;
  readonly clock: Clock;
  readonly config: Pick<Config, 'apps' | 'policy' | 'clients'>;
  /** No other server can be on this Redis. */
  readonly isOnlyServer: boolean;
  readonly log: Logger;
}

/** All that has to do with apps and clients that change while the server runs. */
export interface RegistryParts {
  readonly apps: AppDirectory;
  readonly clients: ClientDirectory;
  readonly openCalls: OpenCalls;
  readonly lastUsed: LastUsed;
  readonly audit: Audit;
  readonly manageApps: ManageApps;
  readonly manageClients: ManageClients;
  /** Takes over what the registry holds now, and ends the calls that may not go on. @throws CodedError `store_unavailable` */
  sync(): Promise<void>;
  /** Tells the engine of every app that comes, changes or goes from now on. */
  connect(engine: RefreshEngine): void;
  /** Watches the files that secrets come from, apps that left the configuration, and client keys that end. */
  watch(engine: RefreshEngine): { stop(): void };
}

export function createRegistryParts(deps: RegistryPartsDeps): RegistryParts {
  const { redis, keys, sealer, wechat, clock, config, isOnlyServer, log } = deps;
  const nowMs = () => clock.nowMs();
  const apps = new AppDirectory(config);
  const clients = new ClientDirectory(config.clients, nowMs);
  const openCalls = new OpenCalls(clients);
  const store = createRegistryStore(redis, keys, sealer);
  const registry = new Registry({ store, apps, clients, log });
  const lastUsed = createLastUsed(redis, keys, nowMs);
  const audit = createAudit(redis, keys, log);
  const sync = () => registry.sync().finally(() => openCalls.check());
  const common = { store, apps, audit, clock, sync };
  return {
    apps,
    clients,
    openCalls,
    lastUsed,
    audit,
    manageApps: createManageApps({ ...common, wechat }),
    manageClients: createManageClients({ ...common, clients, lastUsed }),
    sync,
    connect: (engine) =>
      apps.connect({
        setApp: (app) => engine.setApp(app),
        // Another server's file may still name an app that has left this one's.
        removeApp: (appId, source) =>
          engine.removeApp(appId, source === 'api' || isOnlyServer).catch((err: unknown) => {
            log.warn({ err, appId }, 'what Redis holds of a removed app could not be removed');
          }),
      }),
    watch(engine) {
      const secrets = watchSecrets(
        () => apps.fileApps(),
        (appId) => {
          log.info({ appId }, 'the secret of the app was replaced in its file; it is used from now on');
          engine
            .token(appId)
            ?.wake()
            .catch(() => {});
        },
      );
      const endings = watchEndings({ redis, keys, clients, nowMs, log });
      const left = watchLeftApps({ redis, keys, apps, engine, nowMs, isOnlyServer, log });
      return {
        stop() {
          secrets.stop();
          left.stop();
          endings.stop();
        },
      };
    },
  };
}
