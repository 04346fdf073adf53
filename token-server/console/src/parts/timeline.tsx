import { useContext, useState } from 'preact/hooks';
import type { App, HistoryEntry } from '../api/types.js';
import { LanguageContext, text, useText } from '../text/language.js';
import { instant } from '../text/times.js';
import { OUTCOMES, REASONS } from '../text/words.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WIDTH = 1_000;
const LANES = { refreshes: 14, tokens: 34, reports: 74 };
const HEIGHT = 112;
const CLIENTS_MAX = 6;

const SPANS = [
  [DAY_MS, text('24 hours', '24 小时')],
  [HOUR_MS, text('1 hour', '1 小时')],
  [HOUR_MS / 12, text('5 minutes', '5 分钟')],
] as const;

interface Props {
  readonly app: App;
  readonly entries: readonly HistoryEntry[];
  readonly nowMs: number;
}

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly isCurrent: boolean;
}

/** The last day of an app: tokens as bars, refreshes as marks by reason, reports by client, faults. */
export function Timeline({ app, entries, nowMs }: Props) {
  const t = useText();
  const language = useContext(LanguageContext);
  const [spanMs, setSpanMs] = useState(DAY_MS);
  const startMs = nowMs - spanMs;
  const x = (atMs: number) => Math.max(0, Math.min(WIDTH, ((atMs - startMs) / spanMs) * WIDTH));
  const inDay = entries.filter(({ at }) => Date.parse(at) >= startMs);
  const fetches = inDay.filter(({ what }) => what !== 'report');
  const reports = inDay.filter(({ what }) => what === 'report');
  const clients = [...new Set(reports.map(({ client }) => client ?? '–'))].slice(0, CLIENTS_MAX);
  const label = t(
    text(
      `${fetches.length} fetches, ${reports.length} reports. The table below lists them.`,
      `获取 ${fetches.length} 次，上报 ${reports.length} 次。下方表格列出全部记录。`,
    ),
  );
  const titleOf = (entry: HistoryEntry) =>
    [
      instant(entry.at, language, nowMs),
      entry.client,
      entry.reason && t(REASONS[entry.reason] ?? text(entry.reason, entry.reason)),
      t(OUTCOMES[entry.outcome] ?? text(entry.outcome, entry.outcome)),
      entry.errcode,
    ]
      .filter(Boolean)
      .join(' · ');
  const hours = Array.from({ length: 9 }, (_, index) => startMs + (index / 8) * spanMs);
  return (
    <figure class="timeline">
      <div class="chips">
        {SPANS.map(([ms, name]) => (
          <button
            type="button"
            class="chip"
            key={ms}
            aria-pressed={spanMs === ms}
            onClick={() => setSpanMs(ms)}
          >
            {t(name)}
          </button>
        ))}
      </div>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 20}`} role="img" aria-label={label} preserveAspectRatio="none">
        {hours.map((atMs) => (
          <line key={atMs} class="grid" x1={x(atMs)} x2={x(atMs)} y1="0" y2={HEIGHT} />
        ))}
        {tokenBars(app, fetches, startMs, nowMs).map((bar) => (
          <rect
            key={bar.from}
            class={bar.isCurrent ? 'token is-current' : 'token'}
            x={x(bar.from)}
            width={Math.max(1.5, x(bar.to) - x(bar.from) - 1)}
            y={LANES.tokens}
            height="20"
            rx="2"
          >
            <title>{bar.name}</title>
          </rect>
        ))}
        {fetches.map((entry) => (
          <rect
            key={entry.id}
            class={entry.outcome === 'failed' ? 'mark is-fault' : `mark is-${entry.reason ?? 'push'}`}
            x={x(Date.parse(entry.at)) - 2}
            width="4"
            y={LANES.refreshes}
            height="16"
          >
            <title>{titleOf(entry)}</title>
          </rect>
        ))}
        {reports.map((entry) => (
          <rect
            key={entry.id}
            class={`report is-client-${Math.max(0, clients.indexOf(entry.client ?? '–'))}`}
            x={x(Date.parse(entry.at)) - 1.5}
            width="3"
            y={LANES.reports + Math.max(0, clients.indexOf(entry.client ?? '–')) * 6}
            height="5"
          >
            <title>{titleOf(entry)}</title>
          </rect>
        ))}
      </svg>
      <div class="hours" aria-hidden="true">
        {hours.map((atMs) => (
          <span key={atMs}>
            {instant(new Date(atMs).toISOString(), language, atMs).slice(0, spanMs < HOUR_MS ? 8 : 5)}
          </span>
        ))}
      </div>
      <figcaption>
        <span class="key is-scheduled">{t(REASONS.scheduled ?? text('', ''))}</span>
        <span class="key is-passive">{t(REASONS.passive ?? text('', ''))}</span>
        <span class="key is-manual">{t(REASONS.manual ?? text('', ''))}</span>
        <span class="key is-fault">{t(text('fault', '故障'))}</span>
        {clients.map((client, index) => (
          <span class={`key is-client-${index}`} key={client}>
            {t(text(`reports of ${client}`, `${client} 的上报`))}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** From each fetch that brought a token to the next one; the current one until now. */
function tokenBars(app: App, fetches: readonly HistoryEntry[], startMs: number, nowMs: number): Bar[] {
  const brought = fetches.filter(({ outcome }) => outcome === 'refreshed').reverse();
  const bars = brought.map((entry, index): Bar => {
    const next = brought[index + 1];
    return {
      from: Date.parse(entry.at),
      to: next === undefined ? nowMs : Date.parse(next.at),
      name: entry.fingerprintAfter ?? '',
      isCurrent: next === undefined,
    };
  });
  const [first] = brought;
  if (first?.fingerprintBefore !== undefined)
    bars.unshift({
      from: startMs,
      to: Date.parse(first.at),
      name: first.fingerprintBefore,
      isCurrent: false,
    });
  if (bars.length > 0 || app.ageSeconds === null) return bars;
  const from = Math.max(startMs, nowMs - app.ageSeconds * 1000);
  return [{ from, to: nowMs, name: app.fingerprint ?? '', isCurrent: true }];
}
