import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { CONNECT_ATTEMPT_MS } from '@zhongkong/shared';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** How WeChat is reached. */
export interface WayToWechat {
  /** How host names become addresses. @defaultValue as the system does it */
  readonly lookup?: LookupFunction;
  /** Through which WeChat is reached. @defaultValue directly */
  readonly proxy?: URL | undefined;
}

/** The agents that make the connections on this way, and keep them. */
export function agentsFor({ lookup, proxy }: WayToWechat) {
  const connecting = {
    keepAlive: true,
    autoSelectFamilyAttemptTimeout: CONNECT_ATTEMPT_MS,
    ...(lookup && { lookup }),
  };
  return proxy === undefined
    ? { http: new Agent(connecting), https: new HttpsAgent(connecting) }
    : { http: new HttpProxyAgent(proxy, connecting), https: new HttpsProxyAgent(proxy, connecting) };
}
