import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Keys, RedisClient, RefreshEngine } from '@zhongkong/jobs';
import type { Clock } from '@zhongkong/shared';
import type { EndingKey } from '../clients/ending-keys.js';
import type { AlertTarget } from '../config/config.js';
import type { AlertKind } from '../config/config-file-schema.js';
import type { Logger } from '../logger.js';
import { createAlertMemory } from './alert-memory.js';
import { type Condition, conditionsOfApp, conditionsOfKeys } from './condition.js';
import { type Alert, recoveredText } from './message.js';
import { sendAlerts } from './send-alerts.js';

const LOOK_EVERY_MS = 5_000;
/** So many looks in a row have to find nothing before a condition is over. */
const LOOKS_UNTIL_OVER = 6;
/** Apps that are looked at at a stretch; requests are answered in between. */
const STRETCH = 2_000;

export interface AlertsDeps {
  readonly redis: RedisClient;
  readonly keys: Pick<Keys, 'alerts'>;
  readonly engine: Pick<RefreshEngine, 'apps' | 'token'>;
  /** The client keys of this moment. */
  readonly clients: { keys(): readonly EndingKey[] };
  /** The targets at the start. */
  readonly config: { readonly alerts: readonly AlertTarget[] };
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: { alertSent(type: string, isSent: boolean): void };
  /** @defaultValue LOOK_EVERY_MS */
  readonly lookEveryMs?: number;
}

export interface Alerts {
  setTargets(targets: readonly AlertTarget[]): void;
  stop(): Promise<void>;
}

/** Looks every five seconds for what people have to act on, and sends what has begun and what is over. */
export function startAlerts(deps: AlertsDeps): Alerts {
  const { redis, keys, clock, log, metrics, lookEveryMs = LOOK_EVERY_MS } = deps;
  const nowMs = () => clock.nowMs();
  const memory = createAlertMemory(redis, keys.alerts, nowMs);
  let targets = deps.config.alerts;
  const absences = new Map<string, number>();
  const over = new AbortController();
  let current = Promise.resolve();
  let isBusy = false;

  async function look(): Promise<void> {
    if (targets.length === 0) return;
    const { conditions, knows } = await observe(deps);
    const remembered = await memory.read();
    const alerts: Alert[] = [];
    const stillOn = new Set([...conditions.values()].map(subjectOf));
    for (const [name, { kind, subject, text }] of conditions) {
      absences.delete(name);
      if (remembered.get(name)?.isFiring) continue;
      if (await memory.begin(name)) alerts.push({ kind, subject, text, state: 'firing' });
    }
    for (const [name, { isFiring }] of remembered) {
      if (conditions.has(name)) continue;
      const { kind, subject } = partsOf(name);
      if (!isFiring || !knows(kind, subject)) await memory.forget(name);
      // An earlier step of what goes on has not ended well.
      else if (stillOn.has(subjectOf({ kind, subject }))) await memory.end(name);
      else if (isAbsentForLong(name) && (await memory.end(name)))
        alerts.push({ kind, subject, text: recoveredText(kind, subject), state: 'recovered' });
    }
    if (alerts.length > 0) await Promise.all(targets.map((target) => send(target, alerts)));
  }

  function isAbsentForLong(name: string): boolean {
    const looks = (absences.get(name) ?? 0) + 1;
    absences.set(name, looks);
    if (looks < LOOKS_UNTIL_OVER) return false;
    absences.delete(name);
    return true;
  }

  async function send(target: AlertTarget, alerts: readonly Alert[]): Promise<void> {
    const wanted = alerts.filter(({ kind }) => target.only === undefined || target.only.includes(kind));
    if (wanted.length === 0) return;
    metrics.alertSent(target.type, await sendAlerts(target, wanted, { log, nowMs, signal: over.signal }));
  }

  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    current = look()
      // Without Redis nobody knows what was announced; the next look goes on.
      .catch((error: Error) => log.debug({ error: error.message }, 'alerts: could not look'))
      .finally(() => {
        isBusy = false;
      });
  }, lookEveryMs).unref();
  return {
    setTargets(next) {
      targets = next;
    },
    async stop() {
      clearInterval(timer);
      over.abort();
      await current;
    },
  };
}

/** All conditions of this moment, by name, and whether this server can tell that one is over. */
async function observe({ engine, clients, clock }: AlertsDeps) {
  const conditions = new Map<string, Condition>();
  const apps = engine.apps;
  for (const [index, { appId, policy }] of apps.entries()) {
    if (index > 0 && index % STRETCH === 0) await nextTurn();
    const state = engine.token(appId)?.state();
    if (state === undefined) continue;
    for (const found of conditionsOfApp(appId, state, policy, clock.nowMs()))
      conditions.set(nameOf(found), found);
  }
  const known = clients.keys();
  for (const found of conditionsOfKeys(known, clock.nowMs())) conditions.set(nameOf(found), found);
  const names = new Set(known.map(({ client }) => client));
  const knows = (kind: AlertKind, subject: string) =>
    kind === 'expiring-key' ? names.has(subject) : engine.token(subject) !== undefined;
  return { conditions, knows };
}

const subjectOf = ({ kind, subject }: Pick<Condition, 'kind' | 'subject'>) => `${kind} ${subject}`;

/** `kind subject`, or with a step `kind@step subject`. */
const nameOf = ({ kind, subject, step }: Pick<Condition, 'kind' | 'subject' | 'step'>) =>
  `${kind}${step === undefined ? '' : `@${step}`} ${subject}`;

function partsOf(name: string): { kind: AlertKind; subject: string } {
  const at = name.indexOf(' ');
  const [kind] = name.slice(0, at).split('@');
  return { kind: kind as AlertKind, subject: name.slice(at + 1) };
}
