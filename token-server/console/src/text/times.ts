import type { Language } from './language.js';

const UNITS = {
  en: { d: 'd', h: 'h', m: 'min', s: 's' },
  zh: { d: '天', h: '小时', m: '分', s: '秒' },
} as const;

/** `1 h 5 min`, `42 s`: two units at most. */
export function duration(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'm'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([value]) => value > 0);
  const shown = first === -1 ? parts.slice(3) : parts.slice(first, first + 2).filter(([value]) => value > 0);
  return shown.map(([value, unit]) => `${value} ${UNITS[language][unit]}`).join(' ');
}

/** In the viewer's zone; of today without the date. */
export function instant(iso: string, language: Language, nowMs: number): string {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  const time = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false } as const;
  const date = isToday ? {} : ({ month: 'short', day: 'numeric' } as const);
  return at.toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { ...date, ...time });
}
