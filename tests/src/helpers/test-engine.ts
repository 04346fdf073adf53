import {
  type AppSettings,
  type Credential,
  createRefreshEngine,
  createSealer,
  createWechatClient,
  defaultPolicy,
  type Log,
  type RefreshEngine,
  type RefreshPolicy,
  type Sealer,
  type TicketType,
} from '@zhongkong/jobs';
import { type Clock, systemClock } from '@zhongkong/shared';
import { cleanUp } from './clean-up.js';
import { APP } from './fixtures.js';
import type { RedisProcess } from './redis-process.js';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** The same for all engines of a test, as servers on one Redis share it. */
export const SEALER: Sealer = createSealer(Buffer.alloc(32, 7));

export interface TestEngineOptions {
  readonly redis: RedisProcess;
  /** Base URL of the platform. */
  readonly platform: string;
  readonly policy?: Partial<RefreshPolicy> & Pick<RefreshPolicy, 'mode'>;
  readonly clock?: Clock;
  readonly isOnlyServer?: boolean;
  /** @defaultValue the first app of the fixtures */
  readonly app?: { readonly appId: string; readonly secret: string | null };
  readonly log?: Log;
  /** @defaultValue zhongkong */
  readonly prefix?: string;
  /** @defaultValue 0 */
  readonly database?: number;
}

/** The access token of the first app of the fixtures, or of another one. */
export function tokenOf(engine: RefreshEngine, appId = APP.appId): Credential {
  const credential = engine.token(appId);
  if (credential === undefined) throw new Error(`the engine has no app ${appId}`);
  return credential;
}

export function ticketOf(engine: RefreshEngine, type: TicketType): Credential {
  const credential = engine.ticket(APP.appId, type);
  if (credential === undefined) throw new Error(`the engine has no app ${APP.appId}`);
  return credential;
}

/** The engine as the server runs it, for one app; stopped after the test. */
export async function startEngine(options: TestEngineOptions): Promise<RefreshEngine> {
  const {
    redis,
    platform,
    database = 0,
    policy = { mode: 'stable' },
    clock = systemClock,
    log = silent,
  } = options;
  const app: AppSettings = { ...(options.app ?? APP), policy: { ...defaultPolicy(policy.mode), ...policy } };
  const engine = createRefreshEngine({
    connections: { commands: await redis.connect(database), open: () => redis.open(database) },
    prefix: options.prefix ?? 'zhongkong',
    sealer: SEALER,
    wechat: createWechatClient(platform),
    apps: [app],
    clock,
    log,
    isOnlyServer: options.isOnlyServer ?? false,
  });
  cleanUp(() => engine.stop());
  await engine.start();
  return engine;
}
