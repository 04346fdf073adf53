import { isIPv6 } from 'node:net';
import { noAnswerInChinese, type WechatReach } from '@zhongkong/jobs';
import { clockFinding } from './clock-findings.js';
import { type Finding, finding, listNames } from './finding.js';

export interface WechatFacts {
  /** Host and port of WECHAT_API_BASE_URL. */
  readonly host: string;
  /** Host and port of the proxy; null: WeChat is reached directly. */
  readonly proxy: string | null;
  /** Whether the proxy takes connections; null: there is none, or nobody asked. */
  readonly proxyAnswers: boolean | null;
  readonly reach: WechatReach;
  /** Over which families connections to WeChat are made; empty through a proxy, which chooses for itself. */
  readonly families: readonly Family[];
}

export type Family = 'IPv4' | 'IPv6';

/** A date of HTTP has whole seconds. */
const DATE_UNCERTAIN_MS = 1_000;

/** @param refused addresses that WeChat has found on no whitelist */
export function wechatFindings(facts: WechatFacts, refused: readonly string[]): Finding[] {
  const { reach } = facts;
  if (reach.is === 'no-answer' || !reach.isWechat) return [unreachable(facts)];
  const { dateMs, receivedAtMs, tookMs } = reach;
  const way = wayOf(facts);
  return [
    finding('wechat-reachable', {
      level: 'ok',
      what: {
        en: `${facts.host} answered in ${Math.round(tookMs)} ms, ${way.en}`,
        zh: `${facts.host} 在 ${Math.round(tookMs)} 毫秒内应答，${way.zh}`,
      },
    }),
    ...(dateMs === null
      ? []
      : [
          clockFinding('clock-wechat', {
            // The date was cut to its second, some time before it came.
            aheadMs: receivedAtMs - tookMs / 2 - (dateMs + DATE_UNCERTAIN_MS / 2),
            uncertainMs: tookMs / 2 + DATE_UNCERTAIN_MS / 2,
          }),
        ]),
    familyFinding(facts, reach.peerAddress, refused),
  ];
}

function wayOf({ proxy }: WechatFacts): { en: string; zh: string } {
  return proxy === null
    ? { en: 'directly', zh: '直连' }
    : { en: `through the proxy ${proxy}`, zh: `经代理 ${proxy}` };
}

function unreachable(facts: WechatFacts): Finding {
  const { host, proxy, proxyAnswers, reach } = facts;
  if (proxyAnswers === false)
    return finding('wechat-reachable', {
      level: 'bad',
      what: {
        en: `The proxy ${proxy} takes no connection, so ${host} cannot be reached.`,
        zh: `代理 ${proxy} 无法连接，因此连不上 ${host}。`,
      },
      todo: {
        en: 'Start the proxy, correct HTTPS_PROXY (HTTP_PROXY for http://), or name the host in NO_PROXY.',
        zh: '请启动代理，修正 HTTPS_PROXY（http:// 时为 HTTP_PROXY），或把该主机写入 NO_PROXY。',
      },
    });
  const way = wayOf(facts);
  if (reach.is === 'answered')
    return finding('wechat-reachable', {
      level: 'bad',
      what: {
        en: `What answers at ${host}, ${way.en}, is not WeChat (HTTP ${reach.status}, no JSON).`,
        zh: `${host}（${way.zh}）的应答不是微信（HTTP ${reach.status}，不是 JSON）。`,
      },
      todo: {
        en: 'Correct WECHAT_API_BASE_URL, or let the firewall or proxy pass calls to WeChat on.',
        zh: '请修正 WECHAT_API_BASE_URL，或让防火墙、代理放行到微信的请求。',
      },
    });
  return finding('wechat-reachable', {
    level: 'bad',
    what: {
      en: `${host} does not answer, ${way.en}: ${reach.detail}.`,
      zh: `${host} 没有应答（${way.zh}）：${noAnswerInChinese(reach.detail)}。`,
    },
  });
}

function familyFinding(
  { proxy, families }: WechatFacts,
  peerAddress: string | null,
  refused: readonly string[],
): Finding {
  const used: Family = peerAddress !== null && isIPv6(peerAddress) ? 'IPv6' : 'IPv4';
  const overSix = refused.filter((address) => isIPv6(address) && !address.startsWith('::ffff:'));
  if (overSix.length > 0) {
    const names = listNames(overSix);
    return finding('ip-family', {
      level: 'warning',
      what: {
        en: `WeChat sees this server under the IPv6 address ${names.en}, which is on no whitelist.`,
        zh: `微信看到的是 IPv6 地址 ${names.zh}，它不在白名单中。`,
      },
    });
  }
  if (proxy === null && families.length > 1 && refused.length > 0)
    return finding('ip-family', {
      level: 'warning',
      what: {
        en: `Both IPv4 and IPv6 lead to WeChat (this time ${used}), and an address is missing on the whitelist.`,
        zh: `到微信的 IPv4 和 IPv6 都可用（本次为 ${used}），且白名单缺少地址。`,
      },
    });
  return finding('ip-family', {
    level: 'ok',
    what:
      proxy !== null
        ? { en: `the proxy ${proxy} chooses it`, zh: `由代理 ${proxy} 决定` }
        : families.length > 1
          ? { en: `both lead to WeChat; this time ${used}`, zh: `两者均可用；本次为 ${used}` }
          : { en: used, zh: used },
  });
}
