import { fingerprint, SingleFlight } from '@zhongkong/shared';
import { type OnEvent, toSafeListener } from '../events.js';
import { longestMsBetween, type Moment, momentOf, steadyMsBetween, systemClocks } from '../http/clock.js';
import { keepProcessAlive, releaseProcess } from '../http/process-life.js';
import type { OwnedTokenSource } from '../token/token-source.js';
import { createWechatTokenApi, type WechatTokenApi, type WechatTokenOptions } from './wechat-token-api.js';

export interface SecretTokenSourceOptions extends WechatTokenOptions {
  readonly onEvent?: OnEvent | undefined;
}

interface Held {
  readonly accessToken: string;
  readonly lifeMs: number;
  readonly given: Moment;
}

/** WeChat makes a new stable token in the last 300 s of the one before; until then it gives the same one. */
const LEAD_MS_MAX = 290_000;
/** Of a token that lives for seconds only, this share is the lead. */
const LEAD_SHARE = 0.25;
/** After a failed fetch, and after a report, WeChat is left alone for this long. */
const REST_MS = 1_000;
/** @see https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken */
const FORCE_SPACING_MS = 30_000;

/**
 * An app's token straight from WeChat, for those who have no token server. It asks for the stable token, which all
 * holders of the secret share, so several processes do not replace each other's. A dead one is replaced by force only
 * when WeChat itself says that it is dead.
 *
 * All methods reject with `WeixinError`.
 */
export class SecretTokenSource implements OwnedTokenSource {
  readonly #emit: OnEvent;
  readonly #closing = new AbortController();
  readonly #stopReleasing = releaseProcess();
  readonly #api: WechatTokenApi;
  readonly #fetches = new SingleFlight<void>();
  readonly #reports = new SingleFlight<string>();
  #held: Held | undefined;
  #version = 0;
  #failure: { readonly error: unknown; readonly at: Moment } | undefined;
  #judgedAt: Moment | undefined;
  #forcedAt: Moment | undefined;

  constructor(options: SecretTokenSourceOptions) {
    this.#emit = toSafeListener(options.onEvent);
    this.#api = createWechatTokenApi(options, this.#closing.signal);
  }

  async getAccessToken(): Promise<string> {
    return (await this.read()).accessToken;
  }

  async read(): Promise<{ accessToken: string; expiresIn: number }> {
    const held = this.#held;
    const mayAsk = !isWithin(this.#failure?.at, REST_MS);
    if (held === undefined || leftMs(held) <= 0) {
      if (this.#failure !== undefined && !mayAsk) throw this.#failure.error;
      await keepProcessAlive(this.#renew());
    } else if (isAging(held) && mayAsk) {
      const renewed = this.#renew().catch(() => {});
      // A token that only the wall clock calls expired is asked about first; any other is used meanwhile.
      if (leftMs(held, longestMsBetween) <= 0) await keepProcessAlive(renewed);
    }
    const current = this.#held as Held;
    return { accessToken: current.accessToken, expiresIn: Math.floor(leftMs(current) / 1_000) };
  }

  async reportInvalid(accessToken: string, errcode: number): Promise<string> {
    const current = this.#held?.accessToken;
    if (current !== undefined && current !== accessToken) return current;
    return this.#reports.join(accessToken, () => keepProcessAlive(this.#report(accessToken, errcode)));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopReleasing();
    await Promise.all([this.#fetches.settled(), this.#reports.settled()]);
  }

  #renew(force = false): Promise<void> {
    return this.#fetches.join('fetch', () => this.#fetch(force));
  }

  async #fetch(force: boolean): Promise<void> {
    const given = momentOf(systemClocks);
    try {
      const { accessToken, expiresIn } = await this.#api.fetch(force);
      const isNew = accessToken !== this.#held?.accessToken;
      this.#held = { accessToken, lifeMs: expiresIn * 1_000, given };
      this.#failure = undefined;
      if (!isNew) return;
      this.#version += 1;
      const version = this.#version;
      this.#emit({ type: 'token', version, fingerprint: fingerprint(accessToken), expiresIn });
    } catch (error) {
      this.#failure = { error, at: momentOf(systemClocks) };
      throw error;
    }
  }

  async #report(accessToken: string, errcode: number): Promise<string> {
    this.#emit({ type: 'reported', errcode, fingerprint: fingerprint(accessToken) });
    if (isWithin(this.#judgedAt, REST_MS)) {
      this.#emit({ type: 'report-answered', refreshed: false, reason: 'cooldown' });
      return accessToken;
    }
    const isSame = () => this.#held?.accessToken === accessToken;
    await this.#renew();
    if (isSame() && !isWithin(this.#forcedAt, FORCE_SPACING_MS) && !(await this.#api.isAlive(accessToken))) {
      // A fetch without force may be on its way by now, which this one must not be taken for.
      await this.#fetches.settled();
      if (isSame()) {
        this.#forcedAt = momentOf(systemClocks);
        await this.#renew(true);
      }
    }
    this.#judgedAt = momentOf(systemClocks);
    const reason = isSame() ? 'token_still_valid' : undefined;
    this.#emit({ type: 'report-answered', refreshed: !isSame(), reason });
    return this.#held?.accessToken ?? accessToken;
  }
}

function leftMs({ lifeMs, given }: Held, passedMs = steadyMsBetween): number {
  return lifeMs - passedMs(given, momentOf(systemClocks));
}

/** The wall clock too says when to ask: a cloud function's machine may have been frozen. */
function isAging(held: Held): boolean {
  return leftMs(held, longestMsBetween) <= Math.min(LEAD_MS_MAX, held.lifeMs * LEAD_SHARE);
}

function isWithin(since: Moment | undefined, ms: number): boolean {
  return since !== undefined && steadyMsBetween(since, momentOf(systemClocks)) < ms;
}
