import { setTimeout as sleep } from 'node:timers/promises';
import { fetch, ProxyAgent } from 'undici';
import type { AlertTarget } from '../config/config.js';
import type { Logger } from '../logger.js';
import type { Alert } from './message.js';
import { faultIn, requestFor } from './request-for.js';

const TIMEOUT_MS = 5_000;
const ANSWER_CHARACTERS_MAX = 1_000;
/** The pauses before the second and the third try. */
const RETRY_AFTER_MS: readonly number[] = [1_000, 5_000];

export interface SendDeps {
  readonly log: Pick<Logger, 'warn' | 'info'>;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  /** @defaultValue RETRY_AFTER_MS */
  readonly retryAfterMs?: readonly number[];
}

/** Sends alerts to one target, three tries at most. Never throws. The URL is a secret: it is never logged. */
export async function sendAlerts(
  target: AlertTarget,
  alerts: readonly Alert[],
  deps: SendDeps,
): Promise<boolean> {
  const { log, nowMs, signal, retryAfterMs = RETRY_AFTER_MS } = deps;
  let fault: string | undefined;
  for (const pauseMs of [0, ...retryAfterMs]) {
    if (pauseMs > 0) await sleep(pauseMs, undefined, { signal, ref: false }).catch(() => {});
    if (signal.aborted) break;
    fault = await send(target, alerts, nowMs(), signal);
    if (fault === undefined) return true;
  }
  log.warn(
    { target: target.type, fault: fault ?? 'the server is stopping', alerts: alerts.length },
    'an alert could not be sent; check the URL and the secret of this target under "alerts"',
  );
  return false;
}

async function send(
  target: AlertTarget,
  alerts: readonly Alert[],
  nowMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const dispatcher = target.proxy === undefined ? undefined : new ProxyAgent(target.proxy.href);
  try {
    const { url, headers, body } = requestFor(target, alerts, nowMs);
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body,
      // A redirect would carry the secret of the URL elsewhere.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      ...(dispatcher && { dispatcher }),
    });
    const text = (await answer.text()).slice(0, ANSWER_CHARACTERS_MAX);
    return faultIn(answer.status, text, target.type);
  } catch (error) {
    const { cause, name } = error as Error & { cause?: { code?: unknown } };
    return String(cause?.code ?? name);
  } finally {
    await dispatcher?.destroy();
  }
}
