import { setTimeout as sleep } from 'node:timers/promises';
import { APPS, type World } from './world.js';

const EVERY_MS = 100;

/** What an onlooker sees who reads the token of every server again and again. */
export interface Sight {
  /** Longest time, by app, during which no server gave out a token that was alive. */
  readonly longestDeadMs: Map<string, number>;
  /** How often a server gave out an older version than the same server, or the one before it in its place, had. */
  versionsBack: number;
}

export function startWatch(world: World, apiKey: string, isOver: () => boolean): Sight {
  const sight: Sight = { longestDeadMs: new Map(), versionsBack: 0 };
  for (const { appId } of APPS) void watchApp(world, apiKey, appId, sight, isOver);
  return sight;
}

async function watchApp(
  world: World,
  apiKey: string,
  appId: string,
  sight: Sight,
  isOver: () => boolean,
): Promise<void> {
  const seen = new Map<number, number>();
  let aliveAtMs = performance.now();
  while (!isOver()) {
    const tokens = await Promise.all(
      world.troubles.servers.map(async (_log, place) => {
        const url = world.server(place)?.url;
        const token = url && (await read(url, apiKey, appId));
        if (!token) return undefined;
        if (token.version < (seen.get(place) ?? 0)) sight.versionsBack += 1;
        seen.set(place, Math.max(token.version, seen.get(place) ?? 0));
        return token.accessToken;
      }),
    );
    const isAlive = tokens.some(
      (token) => token !== undefined && world.platform.control.checkToken(appId, token) === 0,
    );
    const nowMs = performance.now();
    if (isAlive) aliveAtMs = nowMs;
    sight.longestDeadMs.set(appId, Math.max(sight.longestDeadMs.get(appId) ?? 0, nowMs - aliveAtMs));
    await sleep(EVERY_MS);
  }
}

async function read(
  url: string,
  apiKey: string,
  appId: string,
): Promise<{ accessToken: string; version: number } | undefined> {
  try {
    const headers = { authorization: `Bearer ${apiKey}` };
    const answer = await fetch(`${url}/v1/apps/${appId}/access-token`, {
      headers,
      signal: AbortSignal.timeout(1_000),
    });
    return answer.ok ? ((await answer.json()) as { accessToken: string; version: number }) : undefined;
  } catch {
    return undefined;
  }
}
