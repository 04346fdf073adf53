import type { CheckId } from './checks.js';
import { type Finding, finding } from './finding.js';

/** This machine's clock beside another one. */
export interface ClockFacts {
  /** By how much this machine's clock is ahead; negative: behind. */
  readonly aheadMs: number;
  /** How exact that is: half of the time that the question took, and how coarse the answer was. */
  readonly uncertainMs: number;
}

const WARN_FROM_MS = 5_000;
/** From here on certificates and the hour of the day are at stake. */
const BAD_FROM_MS = 300_000;

const OTHERS = {
  'clock-redis': { en: 'Redis', zh: 'Redis' },
  'clock-wechat': { en: 'WeChat', zh: '微信' },
} as const satisfies Partial<Record<CheckId, unknown>>;

/** A difference that surely is more than five seconds is a finding. */
export function clockFinding(id: keyof typeof OTHERS, { aheadMs, uncertainMs }: ClockFacts): Finding {
  const other = OTHERS[id];
  const surelyMs = Math.max(0, Math.abs(aheadMs) - uncertainMs);
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (surelyMs <= WARN_FROM_MS)
    return finding(id, {
      level: 'ok',
      what: { en: `it differs from that of ${other.en} by 5 s at most`, zh: `与${other.zh}相差不超过 5 秒` },
    });
  const [en, zh] = aheadMs > 0 ? ['ahead of', '快'] : ['behind', '慢'];
  return finding(id, {
    level: surelyMs > BAD_FROM_MS ? 'bad' : 'warning',
    what: {
      en: `The clock of this machine is ${seconds} s ${en} that of ${other.en}.`,
      zh: `本机时钟比${other.zh}${zh} ${seconds} 秒。`,
    },
  });
}
