import type { Hint } from '@zhongkong/shared';
import type { AlertKind } from '../config/config-file-schema.js';

/** A condition that has begun or is over. */
export interface Alert {
  readonly kind: AlertKind;
  readonly subject: string;
  readonly state: 'firing' | 'recovered';
  readonly text: Hint;
}

/** So many are written out; one cause, such as an address that left the whitelist, can concern all apps. */
const LINES_MAX = 10;
/** WeCom takes 2,048 bytes of text. */
const BYTES_MAX = 2_000;

const TITLES: Hint = { en: 'Zhongkong', zh: '中控服务器' };
const MORE = {
  en: (count: number) => `… and ${count} more`,
  zh: (count: number) => `……以及另外 ${count} 项`,
};

export function recoveredText(kind: AlertKind, subject: string): Hint {
  const what: Record<AlertKind, Hint> = {
    misconfigured: { en: 'WeChat gives out tokens again', zh: '微信已恢复签发 token' },
    conflict: { en: 'no token has died early for a day', zh: '一天内没有 token 提前失效' },
    budget: { en: 'the budget of the day is free again', zh: '当日额度已恢复' },
    'expiring-key': { en: 'no key ends soon any more', zh: '没有即将过期的密钥了' },
  };
  return { en: `${subject}: ${what[kind].en}.`, zh: `${subject}：${what[kind].zh}。` };
}

/** All alerts of one look as one text, so that a robot's limit (20 a minute at WeCom) is never met. */
export function messageOf(alerts: readonly Alert[], language: keyof Hint): string {
  const marks =
    language === 'zh' ? { firing: '[告警]', recovered: '[恢复]' } : { firing: '[ALERT]', recovered: '[OK]' };
  const lines = alerts.map(({ state, text }) => `${marks[state]} ${text[language]}`);
  const kept: string[] = [];
  let bytes = Buffer.byteLength(TITLES[language]) + Buffer.byteLength(MORE[language](alerts.length)) + 2;
  for (const line of lines.slice(0, LINES_MAX)) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > BYTES_MAX && kept.length > 0) break;
    kept.push(line.slice(0, BYTES_MAX / 4));
  }
  const more = lines.length - kept.length;
  return [TITLES[language], ...kept, ...(more > 0 ? [MORE[language](more)] : [])].join('\n');
}
