import { useContext, useMemo, useState } from 'preact/hooks';
import type { AppList } from '../api/app-list.js';
import { useNow } from '../api/hooks.js';
import type { App, Phase } from '../api/types.js';
import { LifeBar } from '../parts/life-bar.js';
import { VirtualList } from '../parts/virtual-list.js';
import { LanguageContext, text, useText } from '../text/language.js';
import { duration } from '../text/times.js';
import { BUDGETS, MODES, PHASES } from '../text/words.js';

const ROW_PX = 68;

type Filter = Phase | 'all' | 'trouble' | 'conflict';
type Sort = 'id' | 'left' | 'used' | 'trouble';

const PHASE_ORDER: readonly Phase[] = ['expired', 'dead', 'missing', 'due', 'fresh'];

const isInTrouble = (app: App) =>
  app.lastFault !== null || app.conflict !== null || ['dead', 'expired', 'missing'].includes(app.phase);
const usedOf = ({ budgets }: App) =>
  Math.max(0, ...budgets.map(({ used, limit }) => used / Math.max(1, limit)));

const SORTS: Readonly<Record<Sort, (one: App, other: App) => number>> = {
  id: (one, other) => (one.appId < other.appId ? -1 : 1),
  left: (one, other) => (one.expiresAt ?? '').localeCompare(other.expiresAt ?? ''),
  used: (one, other) => usedOf(other) - usedOf(one),
  trouble: (one, other) =>
    Number(isInTrouble(other)) - Number(isInTrouble(one)) ||
    PHASE_ORDER.indexOf(one.phase) - PHASE_ORDER.indexOf(other.phase) ||
    SORTS.id(one, other),
};

/** All apps: how their tokens are, searched, sorted and filtered here. */
export function Overview({ list }: { list: AppList }) {
  const t = useText();
  const now = useNow();
  const [query, setQuery] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const [sort, setSort] = useState<Sort>('trouble');
  const { apps, readAtMs, isComplete, error } = list;
  const counts = useMemo(() => countAll(apps), [apps]);
  const shown = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    const fits = (app: App) =>
      fitsFilter(app, filter) && `${app.appId} ${app.name ?? ''}`.toLowerCase().includes(wanted);
    return apps.filter(fits).sort(SORTS[sort]);
  }, [apps, query, filter, sort]);
  const filters: readonly (readonly [Filter, string])[] = [
    ['all', t(text('all', '全部'))],
    ['trouble', t(text('needs attention', '需要处理'))],
    ['fresh', t(PHASES.fresh)],
    ['due', t(PHASES.due)],
    ['conflict', t(text('others fetch too', '有人另外在取'))],
  ];
  return (
    <main class="overview">
      <h1>{t(text('Apps', '应用'))}</h1>
      <div class="tools">
        <input
          type="search"
          aria-label={t(text('Search by id or name', '按 appid 或名称搜索'))}
          placeholder={t(text('Search by id or name', '按 appid 或名称搜索'))}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <fieldset class="chips">
          <legend>{t(text('Filter', '筛选'))}</legend>
          {filters.map(([name, label]) => (
            <button
              type="button"
              key={name}
              aria-pressed={filter === name}
              class={name === 'trouble' && counts.trouble > 0 ? 'chip is-bad' : 'chip'}
              onClick={() => setFilter(name)}
            >
              {label} <b>{counts[name as keyof typeof counts] ?? 0}</b>
            </button>
          ))}
        </fieldset>
        <label>
          {t(text('Sort by', '排序'))}{' '}
          <select value={sort} onChange={(event) => setSort(event.currentTarget.value as Sort)}>
            <option value="trouble">{t(text('trouble first', '问题优先'))}</option>
            <option value="id">{t(text('app id', 'appid'))}</option>
            <option value="left">{t(text('time left', '剩余时间'))}</option>
            <option value="used">{t(text('budget used', '额度使用'))}</option>
          </select>
        </label>
      </div>
      {error !== undefined && (
        <p class="notice is-bad" role="alert">
          {error}
        </p>
      )}
      <p class="quiet" role="status">
        {isComplete
          ? t(
              text(
                `${shown.length} of ${apps.length} apps`,
                `共 ${apps.length} 个应用，显示 ${shown.length} 个`,
              ),
            )
          : t(text(`${apps.length} apps so far …`, `已载入 ${apps.length} 个应用…`))}
      </p>
      {isComplete && apps.length === 0 ? (
        <p class="notice">
          {t(
            text(
              'There is no app yet. Add one: zhongkong apps add APPID',
              '还没有应用。添加一个：zhongkong apps add APPID',
            ),
          )}
        </p>
      ) : (
        <VirtualList
          items={shown}
          rowHeight={ROW_PX}
          keyOf={({ appId }) => appId}
          label={t(text('Apps', '应用'))}
          render={(app) => <AppRow app={app} nowMs={now} readAtMs={readAtMs.get(app.appId) ?? now} />}
        />
      )}
    </main>
  );
}

function AppRow({ app, nowMs, readAtMs }: { app: App; nowMs: number; readAtMs: number }) {
  const t = useText();
  const language = useContext(LanguageContext);
  const [budget] = app.budgets;
  const age = app.ageSeconds === null ? null : app.ageSeconds + (nowMs - readAtMs) / 1000;
  const next = app.nextRefreshAt === null ? null : (Date.parse(app.nextRefreshAt) - nowMs) / 1000;
  return (
    <a class={`app is-${app.phase}`} href={`#/apps/${encodeURIComponent(app.appId)}`}>
      <span class="name">
        <b>{app.name ?? app.appId}</b>
        <small>
          {app.appId} · {t(MODES[app.mode] ?? text(app.mode, app.mode))}
        </small>
      </span>
      <span class="state">
        <em class={`health is-${app.phase}`}>
          {app.paused ? t(text('paused', '已暂停')) : t(PHASES[app.phase])}
        </em>
        {app.conflict !== null && (
          <em class="health is-conflict">{t(text('others fetch too', '有人另外在取'))}</em>
        )}
        {app.lastFault !== null && (
          <em class="health is-dead">{app.lastFault.errcode ?? app.lastFault.kind}</em>
        )}
      </span>
      <LifeBar app={app} nowMs={nowMs} readAtMs={readAtMs} />
      <span class="facts">
        <span>
          {t(text('version', '版本'))} <b>{app.version ?? '–'}</b>
        </span>
        <span>
          {t(text('age', '已用'))} <b>{age === null ? '–' : duration(age, language)}</b>
        </span>
        <span>
          {t(text('next', '下次'))} <b>{next === null ? '–' : duration(next, language)}</b>
        </span>
        {budget !== undefined && (
          <span class={budget.almostUsedUp ? 'is-bad' : ''}>
            {t(BUDGETS[budget.budget])}{' '}
            <b>
              {budget.used}/{budget.limit}
            </b>
          </span>
        )}
      </span>
    </a>
  );
}

function fitsFilter(app: App, filter: Filter): boolean {
  if (filter === 'all') return true;
  if (filter === 'trouble') return isInTrouble(app);
  if (filter === 'conflict') return app.conflict !== null;
  return app.phase === filter;
}

function countAll(apps: readonly App[]) {
  const counts = { all: apps.length, trouble: 0, fresh: 0, due: 0, conflict: 0 };
  for (const app of apps) {
    if (isInTrouble(app)) counts.trouble += 1;
    if (app.phase === 'fresh' || app.phase === 'due') counts[app.phase] += 1;
    if (app.conflict !== null) counts.conflict += 1;
  }
  return counts;
}
