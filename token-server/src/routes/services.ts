import type { RefreshEngine, WechatClient } from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import type { ReloadAnswer } from '@zhongkong/shared/contract';
import type { ClientDirectory } from '../clients/client-directory.js';
import type { KeyGuard } from '../clients/key-guard.js';
import type { LastUsed } from '../clients/last-used.js';
import type { LiveFeed } from '../console/live-feed.js';
import type { ConsoleSessions } from '../console/sessions.js';
import type { Doctor } from '../doctor/server-doctor.js';
import type { KnownTokens } from '../drop-in/known-tokens.js';
import type { LastAnswers } from '../drop-in/last-answers.js';
import type { EventHub } from '../events/event-hub.js';
import { routesOf } from '../http/define-route.js';
import type { Logger } from '../logger.js';
import type { MasterKeyService } from '../master-key-service.js';
import type { Metrics } from '../metrics/metrics.js';
import type { OpenApiDocument } from '../openapi/openapi-types.js';
import type { Forward } from '../proxy/forward.js';
import type { RedisStatus } from '../redis/watch-redis.js';
import type { Audit } from '../registry/audit.js';
import type { ManageApps } from '../registry/manage-apps.js';
import type { ManageClients } from '../registry/manage-clients.js';
import type { ServerList } from '../server-list.js';
import type { AppDirectory } from '../tokens/app-directory.js';
import type { App, FindApp } from '../tokens/find-app.js';

/** All that handlers use. */
export interface Services {
  readonly engine: RefreshEngine;
  readonly apps: AppDirectory;
  readonly clients: ClientDirectory;
  readonly lastUsed: LastUsed;
  readonly audit: Audit;
  readonly manageApps: ManageApps;
  readonly manageClients: ManageClients;
  /** @throws HttpProblem `invalid_configuration` */
  readonly reload: () => ReloadAnswer;
  readonly findApp: FindApp;
  readonly keyGuard: KeyGuard;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly events: EventHub;
  /** What consoles see live. */
  readonly live: LiveFeed;
  readonly sessions: ConsoleSessions;
  /** One question to WeChat at a time, for logins. */
  readonly wechat: WechatClient;
  /** Streams to and from WeChat, for proxied calls. */
  readonly forward: Forward;
  readonly knownTokens: KnownTokens;
  readonly lastAnswers: LastAnswers;
  readonly redisStatus: () => RedisStatus;
  readonly servers: ServerList;
  readonly masterKey: MasterKeyService;
  readonly doctor: Doctor;
  /** The server is stopping. */
  readonly stopping: () => boolean;
  readonly reference: OpenApiDocument;
}

export const defineRoute = routesOf<Services, App>();
