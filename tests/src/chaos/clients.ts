import { setTimeout as sleep } from 'node:timers/promises';
import { initWeixin, type Weixin } from '@zhongkong/client-sdk';
import { cleanUp } from '../helpers/clean-up.js';
import type { Random } from './random.js';
import type { Span } from './timeline.js';
import { APPS, type World } from './world.js';

const CLIENTS = 30;
const PAUSE_MS_MAX = 60;

/** A call that failed, and when it was under way. */
export interface FailedCall extends Span {
  readonly appId: string;
  readonly error: string;
}

export interface Traffic {
  calls: number;
  /** Of the calls that succeeded. */
  slowestMs: number;
  readonly failed: FailedCall[];
  /** Versions that a client saw go back. */
  versionsBack: number;
}

/** Thirty services that call WeChat without end, half of them for each app. @returns what came of it, as it goes */
export function startClients(world: World, apiKey: string, random: Random, isOver: () => boolean): Traffic {
  const traffic: Traffic = { calls: 0, slowestMs: 0, failed: [], versionsBack: 0 };
  for (let index = 0; index < CLIENTS; index += 1) {
    const { appId } = APPS[index % APPS.length] ?? random.pick(APPS);
    let lastVersion = 0;
    const weixin = initWeixin({
      appId,
      tokenServer: { url: world.balancer.url, apiKey },
      baseUrl: world.platform.url,
      onEvent(event) {
        if (event.type !== 'token') return;
        if (event.version < lastVersion) traffic.versionsBack += 1;
        lastVersion = event.version;
      },
    });
    cleanUp(() => weixin.close());
    void callWithoutEnd(weixin, appId, traffic, random, isOver);
  }
  return traffic;
}

async function callWithoutEnd(
  weixin: Weixin,
  appId: string,
  traffic: Traffic,
  random: Random,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const fromMs = performance.now();
    traffic.calls += 1;
    try {
      await weixin.request({ path: '/cgi-bin/getcallbackip' });
      traffic.slowestMs = Math.max(traffic.slowestMs, performance.now() - fromMs);
    } catch (error) {
      if (!isOver()) traffic.failed.push({ appId, error: String(error), fromMs, toMs: performance.now() });
    }
    await sleep(random.between(0, PAUSE_MS_MAX));
  }
}
