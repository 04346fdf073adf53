import { useContext, useEffect, useState } from 'preact/hooks';
import { useAnswer, useNow } from '../api/hooks.js';
import type { App, HistoryEntry } from '../api/types.js';
import { Instant } from '../parts/instant.js';
import { LifeBar } from '../parts/life-bar.js';
import { Timeline } from '../parts/timeline.js';
import { LanguageContext, text, useText } from '../text/language.js';
import { duration } from '../text/times.js';
import { BUDGETS, MODES, PHASES } from '../text/words.js';
import { AppActions } from './app-actions.js';
import { History } from './history.js';

const AGAIN_MS = 5_000;

/** One app: how it is, its last day, what can be done. @param changes grows with each piece of news about the app */
export function AppPage({ appId, changes }: { appId: string; changes: number }) {
  const t = useText();
  const path = `/v1/apps/${encodeURIComponent(appId)}`;
  const app = useAnswer<App>(path, AGAIN_MS);
  const history = useAnswer<{ entries: HistoryEntry[] }>(`${path}/history?limit=500`, AGAIN_MS);
  const [readAtMs, setReadAtMs] = useState(Date.now());
  const now = useNow();
  useEffect(() => setReadAtMs(Date.now()), [app.value]);
  const reload = () => {
    app.reload();
    history.reload();
  };
  useEffect(reload, [changes]);
  if (app.error !== undefined && app.value === undefined)
    return (
      <main>
        <p class="notice is-bad" role="alert">
          {app.error}
        </p>
        <a href="#/">{t(text('All apps', '全部应用'))}</a>
      </main>
    );
  if (app.value === undefined) return <main aria-busy="true" />;
  const entries = history.value?.entries ?? [];
  return (
    <main class="app-page">
      <nav aria-label={t(text('Path', '路径'))}>
        <a href="#/">{t(text('All apps', '全部应用'))}</a>
      </nav>
      <header class="title">
        <h1>{app.value.name ?? appId}</h1>
        <em class={`health is-${app.value.phase}`}>
          {app.value.paused ? t(text('paused', '已暂停')) : t(PHASES[app.value.phase])}
        </em>
        <AppActions app={app.value} onDone={reload} />
      </header>
      <Troubles app={app.value} nowMs={now} />
      <LifeBar app={app.value} nowMs={now} readAtMs={readAtMs} />
      <Facts app={app.value} nowMs={now} readAtMs={readAtMs} />
      <section aria-labelledby="day">
        <h2 id="day">{t(text('Timeline', '时间线'))}</h2>
        <Timeline app={app.value} entries={entries} nowMs={now} />
      </section>
      <History entries={entries} error={history.error} nowMs={now} />
    </main>
  );
}

function Troubles({ app, nowMs }: { app: App; nowMs: number }) {
  const t = useText();
  const { conflict, lastFault } = app;
  return (
    <>
      {conflict !== null && (
        <div class="notice is-warning" role="status">
          <b>
            {t(text('Somebody else fetches tokens of this app.', '有其他程序也在获取这个应用的 token。'))}
          </b>{' '}
          {t(
            text(
              `${conflict.times.length} tokens died before their time within a day, the last at `,
              `一天内有 ${conflict.times.length} 个 token 提前失效，最近一次在 `,
            ),
          )}
          <Instant at={conflict.times.at(-1) ?? ''} nowMs={nowMs} />
          {t(text('. ', '。'))}
          {t(conflict.advice)}
        </div>
      )}
      {lastFault !== null && (
        <div class="notice is-bad" role="status">
          <b>
            {lastFault.errcode === undefined ? lastFault.kind : `errcode ${lastFault.errcode}`}:{' '}
            {lastFault.errmsg}
          </b>{' '}
          {lastFault.hint && t(lastFault.hint)} {t(text('Since ', '自 '))}
          <Instant at={lastFault.at} nowMs={nowMs} />
          {t(
            text(
              `, ${lastFault.failures} times in a row; next try `,
              ` 起连续 ${lastFault.failures} 次；下次重试 `,
            ),
          )}
          <Instant at={lastFault.retryAt} nowMs={nowMs} />
          {t(text('.', '。'))}
        </div>
      )}
    </>
  );
}

function Facts({ app, nowMs, readAtMs }: { app: App; nowMs: number; readAtMs: number }) {
  const t = useText();
  const language = useContext(LanguageContext);
  const age = app.ageSeconds === null ? null : app.ageSeconds + (nowMs - readAtMs) / 1000;
  const secondsTo = (iso: string) => duration((Date.parse(iso) - nowMs) / 1000, language);
  return (
    <dl class="facts">
      <Fact name="appId">{app.appId}</Fact>
      <Fact name={t(text('mode', '模式'))}>{t(MODES[app.mode] ?? text(app.mode, app.mode))}</Fact>
      <Fact name={t(text('changed in', '在哪里修改'))}>
        {app.source === 'file' ? t(text('configuration file', '配置文件')) : t(text('here', '这里'))}
      </Fact>
      <Fact name={t(text('version', '版本'))}>{app.version ?? '–'}</Fact>
      <Fact name={t(text('token', 'token 指纹'))}>
        <code>{app.fingerprint ?? '–'}</code>
      </Fact>
      <Fact name={t(text('AppSecret', 'AppSecret 指纹'))}>
        <code>{app.secretFingerprint ?? '–'}</code>
      </Fact>
      <Fact name={t(text('age', '已用'))}>{age === null ? '–' : duration(age, language)}</Fact>
      <Fact name={t(text('time left', '剩余'))}>
        {app.expiresAt === null ? '–' : <span title={app.expiresAt}>{secondsTo(app.expiresAt)}</span>}
      </Fact>
      <Fact name={t(text('next refresh', '下次刷新'))}>
        {app.nextRefreshAt === null ? (
          '–'
        ) : (
          <span title={app.nextRefreshAt}>{secondsTo(app.nextRefreshAt)}</span>
        )}
      </Fact>
      {app.budgets.map(({ budget, used, limit, almostUsedUp }) => (
        <Fact name={t(BUDGETS[budget])} key={budget}>
          <meter
            aria-label={t(BUDGETS[budget])}
            class={almostUsedUp ? 'is-bad' : ''}
            min={0}
            max={Math.max(1, limit)}
            value={used}
          />{' '}
          {used}/{limit}
        </Fact>
      ))}
      {app.tickets.map(({ type, phase }) => (
        <Fact name={`ticket ${type}`} key={type}>
          {t(PHASES[phase])}
        </Fact>
      ))}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
