import type { RefreshEngine, SealedSurvey, WechatClient } from '@zhongkong/jobs';
import { type Clock, SingleFlight } from '@zhongkong/shared';
import type { DoctorAnswer } from '@zhongkong/shared/contract';
import type { Config } from '../config/config.js';
import type { MasterKeyService } from '../master-key-service.js';
import { packageVersion } from '../package-version.js';
import { countListeners } from '../redis/count-listeners.js';
import type { ProbeTarget } from '../redis/probe.js';
import type { ServerList } from '../server-list.js';
import type { AppDirectory } from '../tokens/app-directory.js';
import { clockFinding } from './clock-findings.js';
import { examineWechat } from './examine.js';
import { type Finding, finding, sortFindings } from './finding.js';
import { readFileFacts } from './machine-facts.js';
import { fileModesFinding } from './machine-findings.js';
import { lookAtRedis, type RedisLook } from './redis-facts.js';
import { redisFindings } from './redis-findings.js';
import { sealedFinding, versionFinding } from './state-findings.js';
import { within } from './within.js';

/** Each part takes less than that when all is well; the whole answer comes soon after. */
const PART_WITHIN_MS = 20_000;
const SURVEY_WITHIN_MS = 8_000;
const LIST_WITHIN_MS = 3_000;
/** Who asks again within this time gets the same answer. */
const SHARED_FOR_MS = 3_000;

export interface DoctorDeps {
  readonly config: Pick<Config, 'dataDir' | 'host' | 'secretFiles' | 'wechatApiBaseUrl' | 'wechatProxy'>;
  readonly target: ProbeTarget;
  readonly apps: AppDirectory;
  readonly engine: Pick<RefreshEngine, 'token'>;
  readonly wechat: WechatClient;
  readonly servers: ServerList;
  readonly masterKey: Pick<MasterKeyService, 'survey'>;
  readonly clock: Clock;
  /** This machine's own clock. @defaultValue Date.now */
  readonly wallMs?: () => number;
}

/** Looks at everything that a running server can see. */
export interface Doctor {
  /** One look at a time, which all who ask meanwhile share. Never rejects, and ends within about 20 s. */
  examine(): Promise<DoctorAnswer>;
}

export function createDoctor(deps: DoctorDeps): Doctor {
  const flight = new SingleFlight<DoctorAnswer>();
  const surveys = new SingleFlight<SealedSurvey>();
  let last: { readonly answer: DoctorAnswer; readonly atMs: number } | null = null;

  async function examine(): Promise<DoctorAnswer> {
    const { wallMs = Date.now } = deps;
    const parts = await Promise.all([
      within(
        examineStore(deps, wallMs, () => surveys.join('survey', () => deps.masterKey.survey())),
        PART_WITHIN_MS,
      ),
      within(examineApps(deps, wallMs), PART_WITHIN_MS),
    ]);
    const files = fileModesFinding(readFileFacts(deps.config));
    const findings = [...parts.flatMap((part) => part ?? [TOO_SLOW]), files];
    const answer = {
      version: packageVersion(),
      checkedAt: new Date(wallMs()).toISOString(),
      findings: sortFindings(findings),
    };
    last = { answer, atMs: performance.now() };
    return answer;
  }

  return {
    async examine() {
      if (last !== null && performance.now() - last.atMs < SHARED_FOR_MS) return last.answer;
      return flight.join('examine', examine);
    },
  };
}

const TOO_SLOW = finding('server', {
  level: 'warning',
  what: {
    en: 'The server could not look at everything in time.',
    zh: '服务器未能在限定时间内完成全部检查。',
  },
  todo: { en: 'Try again when it is less busy.', zh: '请在它不忙时重试。' },
});

async function examineStore(
  { target, servers }: DoctorDeps,
  wallMs: () => number,
  survey: () => Promise<SealedSurvey>,
): Promise<Finding[]> {
  const look = await lookAtRedis(target, wallMs);
  try {
    const found = redisFindings(look.facts);
    if (look.clock !== null) found.push(clockFinding('clock-redis', look.clock));
    if (look.client === null) return found;
    // Where it fails, Redis cannot be used, which its own findings say.
    const opened = survey().then(
      (all) => ({ survey: all }),
      () => 'failed' as const,
    );
    const sealed = await within(opened, SURVEY_WITHIN_MS);
    if (sealed !== 'failed') found.push(sealedFinding(sealed ?? { survey: null }));
    const versions = await within(compareVersions(look, servers), LIST_WITHIN_MS);
    return versions === null ? found : [...found, versions];
  } finally {
    look.close();
  }
}

async function compareVersions({ client, keys }: RedisLook, list: ServerList): Promise<Finding | null> {
  if (client === null) return null;
  const servers = await list.running();
  const listeners = await countListeners(client, keys.changes);
  return versionFinding({ servers, strangers: Math.max(0, listeners - servers.length) });
}

function examineApps({ apps, engine, wechat, config, clock }: DoctorDeps, wallMs: () => number) {
  const known = [...apps.all()].map((settings) => ({
    settings,
    state: engine.token(settings.appId)?.state() ?? null,
  }));
  return examineWechat({ way: config, wechat, wallMs, nowMs: () => clock.nowMs() }, known);
}
