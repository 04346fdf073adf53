import { useMemo, useState } from 'preact/hooks';
import type { HistoryEntry } from '../api/types.js';
import { Instant } from '../parts/instant.js';
import { text, useText } from '../text/language.js';
import { OUTCOMES, REASONS } from '../text/words.js';

const SHOWN = 100;

type Kind = 'all' | 'refresh' | 'report' | 'fault';

/** What happened to the token, the newest first, with filters. */
export function History(props: {
  entries: readonly HistoryEntry[];
  error: string | undefined;
  nowMs: number;
}) {
  const { entries, error, nowMs } = props;
  const t = useText();
  const [kind, setKind] = useState<Kind>('all');
  const [client, setClient] = useState('');
  const [isWhole, setIsWhole] = useState(false);
  const clients = useMemo(
    () => [...new Set(entries.flatMap((entry) => entry.client ?? []))].sort(),
    [entries],
  );
  const found = entries.filter((entry) => {
    if (client !== '' && entry.client !== client) return false;
    if (kind === 'fault') return entry.outcome === 'failed' || entry.outcome === 'unanswered';
    return kind === 'all' || (kind === 'report') === (entry.what === 'report');
  });
  const shown = isWhole ? found : found.slice(0, SHOWN);
  return (
    <section aria-labelledby="history">
      <h2 id="history">{t(text('History', '历史'))}</h2>
      {error !== undefined && (
        <p class="notice is-bad" role="alert">
          {error}
        </p>
      )}
      <div class="tools">
        <label>
          {t(text('Show', '显示'))}{' '}
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)}>
            <option value="all">{t(text('everything', '全部'))}</option>
            <option value="refresh">{t(text('refreshes', '刷新'))}</option>
            <option value="report">{t(text('reports', '上报'))}</option>
            <option value="fault">{t(text('faults', '故障'))}</option>
          </select>
        </label>
        <label>
          {t(text('Client', '客户端'))}{' '}
          <select value={client} onChange={(event) => setClient(event.currentTarget.value)}>
            <option value="">{t(text('all', '全部'))}</option>
            {clients.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t(text('when', '时间'))}</th>
              <th scope="col">{t(text('what', '事件'))}</th>
              <th scope="col">{t(text('who', '客户端'))}</th>
              <th scope="col">{t(text('how it ended', '结果'))}</th>
              <th scope="col">errcode</th>
              <th scope="col">{t(text('token', 'token'))}</th>
              <th scope="col">ms</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((entry) => (
              <tr key={entry.id} class={entry.outcome === 'failed' ? 'is-fault' : ''}>
                <td>
                  <Instant at={entry.at} nowMs={nowMs} />
                </td>
                <td>
                  {whatOf(entry, t)}
                  {entry.forced === true && ` · ${t(text('forced', '强制'))}`}
                </td>
                <td>{entry.client ?? ''}</td>
                <td>{t(OUTCOMES[entry.outcome] ?? text(entry.outcome, entry.outcome))}</td>
                <td title={entry.errmsg ?? ''}>{entry.errcode ?? ''}</td>
                <td>
                  <code>
                    {entry.fingerprintBefore !== undefined &&
                      entry.fingerprintBefore !== entry.fingerprintAfter &&
                      `${entry.fingerprintBefore} → `}
                    {entry.fingerprintAfter ?? ''}
                  </code>
                </td>
                <td class="number">{entry.tookMs}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found.length === 0 && <p class="quiet">{t(text('There is nothing yet.', '还没有记录。'))}</p>}
      {found.length > shown.length && (
        <button type="button" onClick={() => setIsWhole(true)}>
          {t(text(`Show all ${found.length}`, `显示全部 ${found.length} 条`))}
        </button>
      )}
    </section>
  );
}

function whatOf({ what, reason = '' }: HistoryEntry, t: ReturnType<typeof useText>): string {
  if (what === 'report') return t(text('report', '上报'));
  if (what === 'push') return t(text('pushed', '推送'));
  return `${t(text('refresh', '刷新'))} · ${t(REASONS[reason] ?? text(reason, reason))}`;
}
