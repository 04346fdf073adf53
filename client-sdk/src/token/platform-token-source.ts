import { fingerprint, SingleFlight } from '@zhongkong/shared';
import { type OnEvent, safely } from '../events.js';
import { createPlatformTokenApi, type PlatformTokenOptions } from './platform-token-api.js';
import { type Stopwatch, startStopwatch } from './stopwatch.js';
import type { OwnedTokenSource } from './token-source.js';
import { createUnrefAgents, destroyAgents, holdProcess } from './unref-agents.js';

export interface PlatformTokenSourceOptions extends PlatformTokenOptions {
  readonly onEvent?: OnEvent | undefined;
}

interface Held {
  readonly accessToken: string;
  readonly lifeMs: number;
  readonly given: Stopwatch;
}

/** The platform makes a new stable token in the last 300 s of the one before; until then it gives the same one. */
const LEAD_MS_MAX = 290_000;
/** Of a token that lives for seconds only, this share is the lead. */
const LEAD_SHARE = 0.25;
/** After a failed fetch, and after a report, the platform is left alone for this long. */
const REST_MS = 1_000;
/** @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken */
const FORCE_SPACING_MS = 30_000;

/**
 * An app's token straight from the platform, for those who have no token server. It asks for the stable token, which
 * all holders of the secret share, so several processes do not replace each other's. A dead one is replaced by force
 * only when the platform itself says that it is dead.
 *
 * All methods reject with `WeixinError`.
 */
export function createPlatformTokenSource(options: PlatformTokenSourceOptions): OwnedTokenSource {
  const tell = safely(options.onEvent);
  const closing = new AbortController();
  const agents = createUnrefAgents();
  const api = createPlatformTokenApi(options, agents, closing.signal);
  const reports = new SingleFlight<string>();
  let held: Held | undefined;
  let version = 0;
  let flight: Promise<void> | undefined;
  let failure: { readonly error: unknown; readonly since: Stopwatch } | undefined;
  let judged: Stopwatch | undefined;
  let forced: Stopwatch | undefined;

  function renew(force = false): Promise<void> {
    flight ??= fetch(force).finally(() => {
      flight = undefined;
    });
    return flight;
  }

  async function fetch(force: boolean): Promise<void> {
    const given = startStopwatch();
    try {
      const { accessToken, expiresIn } = await api.fetch(force);
      const isNew = accessToken !== held?.accessToken;
      held = { accessToken, lifeMs: expiresIn * 1_000, given };
      failure = undefined;
      if (!isNew) return;
      version += 1;
      tell({ type: 'token', version, fingerprint: fingerprint(accessToken), expiresIn });
    } catch (error) {
      failure = { error, since: startStopwatch() };
      throw error;
    }
  }

  async function report(accessToken: string, errcode: number): Promise<string> {
    tell({ type: 'reported', errcode, fingerprint: fingerprint(accessToken) });
    if (isWithin(judged, REST_MS)) {
      tell({ type: 'report-answered', refreshed: false, reason: 'cooldown' });
      return accessToken;
    }
    await renew();
    const isSame = () => held?.accessToken === accessToken;
    if (isSame() && !isWithin(forced, FORCE_SPACING_MS) && !(await api.isAlive(accessToken))) {
      // A fetch without force may be on its way by now, which this one must not be taken for.
      while (flight !== undefined) await flight.catch(ignore);
      if (isSame()) {
        forced = startStopwatch();
        await renew(true);
      }
    }
    judged = startStopwatch();
    const reason = isSame() ? 'token_still_valid' : undefined;
    tell({ type: 'report-answered', refreshed: !isSame(), reason });
    return held?.accessToken ?? accessToken;
  }

  const source: OwnedTokenSource = {
    getAccessToken: async () => (await source.read()).accessToken,
    async read() {
      // The wall clock too says when to ask: a cloud function's machine may have been frozen.
      const mayAsk = !isWithin(failure?.since, REST_MS);
      if (held === undefined || leftMs(held) <= 0) {
        if (failure !== undefined && !mayAsk) throw failure.error;
        await holdProcess(renew());
      } else if (isAging(held) && mayAsk) await askAgain(held, renew());
      const { accessToken, ...life } = held as Held;
      return { accessToken, expiresIn: Math.floor(leftMs({ accessToken, ...life }) / 1_000) };
    },
    async reportInvalid(accessToken, errcode) {
      if (held !== undefined && held.accessToken !== accessToken) return held.accessToken;
      return reports.join(accessToken, () => holdProcess(report(accessToken, errcode)));
    },
    async close() {
      closing.abort();
      await Promise.allSettled([flight, reports.settled()]);
      destroyAgents(agents);
    },
  };
  return source;
}

function leftMs({ lifeMs, given }: Held): number {
  return lifeMs - given.steadyMs();
}

function isAging({ lifeMs, given }: Held): boolean {
  return lifeMs - given.atMostMs() <= Math.min(LEAD_MS_MAX, lifeMs * LEAD_SHARE);
}

/** A token that only the wall clock calls expired is asked about first; any other is used meanwhile. */
async function askAgain({ lifeMs, given }: Held, renewal: Promise<void>): Promise<void> {
  const asked = renewal.catch(ignore);
  if (lifeMs - given.atMostMs() <= 0) await holdProcess(asked);
}

function isWithin(since: Stopwatch | undefined, ms: number): boolean {
  return since !== undefined && since.steadyMs() < ms;
}

function ignore(): void {}
