import { lookup } from 'node:dns/promises';
import { reachWechat } from '@zhongkong/jobs';
import { accepts } from './accepts.js';
import type { Family, WechatFacts } from './wechat-findings.js';

const TIMEOUT_MS = 5_000;
const CONNECT_MS = 2_000;

export interface WayOut {
  readonly wechatApiBaseUrl: string;
  readonly wechatProxy: URL | undefined;
}

/** Whether WeChat is there, and on which way. Costs nothing at WeChat. Never rejects. */
export async function lookAtWechat(
  { wechatApiBaseUrl, wechatProxy }: WayOut,
  nowMs: () => number,
): Promise<WechatFacts> {
  const target = new URL(wechatApiBaseUrl);
  const isDirect = wechatProxy === undefined;
  const [reach, families, proxyAnswers] = await Promise.all([
    reachWechat(wechatApiBaseUrl, { proxy: wechatProxy, nowMs, timeoutMs: TIMEOUT_MS }),
    isDirect ? familiesOf(target) : [],
    isDirect ? null : accepts({ host: hostOf(wechatProxy), port: portOf(wechatProxy) }, CONNECT_MS),
  ]);
  return {
    host: target.host,
    proxy: isDirect ? null : wechatProxy.host,
    proxyAnswers,
    reach,
    families,
  };
}

/** The families over which a connection is made; both are tried. */
async function familiesOf(target: URL): Promise<Family[]> {
  const found = await lookup(hostOf(target), { all: true }).catch(() => []);
  const works = async (family: 4 | 6) => {
    const address = found.find((one) => one.family === family)?.address;
    return address !== undefined && (await accepts({ host: address, port: portOf(target) }, CONNECT_MS));
  };
  const [four, six] = await Promise.all([works(4), works(6)]);
  return [...(four ? (['IPv4'] as const) : []), ...(six ? (['IPv6'] as const) : [])];
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function portOf({ port, protocol }: URL): number {
  return Number(port || (protocol === 'https:' ? 443 : 80));
}
