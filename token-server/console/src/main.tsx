import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, whenSignedOut } from './api/api.js';
import { useAppList } from './api/app-list.js';
import { followLive, type LiveState } from './api/live.js';
import type { Session } from './api/types.js';
import { chooseLanguage, LanguageContext, language, text, useText } from './text/language.js';
import { AppPage } from './views/app-page.js';
import { Clients } from './views/clients.js';
import { Overview } from './views/overview.js';
import { SignIn } from './views/sign-in.js';
import { System } from './views/system.js';

function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => setHash(location.hash);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return hash.replace(/^#/, '') || '/';
}

function Root() {
  const [chosen, setChosen] = useState(language());
  const [session, setSession] = useState<Session | null>();
  const [wasSignedIn, setWasSignedIn] = useState(false);
  useEffect(() => {
    whenSignedOut(() => {
      setSession((before) => {
        if (before) setWasSignedIn(true);
        return null;
      });
    });
    call<Session | { client: null }>('GET', '/console/session').then(
      (found) => setSession(found.client === null ? null : found),
      () => setSession(null),
    );
  }, []);
  useEffect(() => {
    document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en';
  }, [chosen]);
  const changeLanguage = () => {
    const other = chosen === 'zh' ? 'en' : 'zh';
    chooseLanguage(other);
    setChosen(other);
  };
  async function signOut(): Promise<void> {
    await call('DELETE', '/console/session').catch(() => {});
    setWasSignedIn(true);
    setSession(null);
  }
  const languageButton = (
    <button type="button" class="plain" lang={chosen === 'zh' ? 'en' : 'zh-CN'} onClick={changeLanguage}>
      {chosen === 'zh' ? 'English' : '中文'}
    </button>
  );
  return (
    <LanguageContext.Provider value={chosen}>
      {session === null && (
        <>
          <div class="corner">{languageButton}</div>
          <SignIn onSignedIn={setSession} wasSignedIn={wasSignedIn} />
        </>
      )}
      {session && <Shell session={session} languageButton={languageButton} signOut={signOut} />}
    </LanguageContext.Provider>
  );
}

interface ShellProps {
  readonly session: Session;
  readonly languageButton: preact.JSX.Element;
  readonly signOut: () => void;
}

function Shell({ session, languageButton, signOut }: ShellProps) {
  const t = useText();
  const hash = useHash();
  const list = useAppList(true);
  const [live, setLive] = useState<LiveState>('connecting');
  const [changes, setChanges] = useState(0);
  const page = useRef('');
  page.current = decodeURIComponent(/^\/apps\/(.+)$/.exec(hash)?.[1] ?? '');
  const refresh = useRef(list.refresh);
  refresh.current = list.refresh;
  useEffect(
    () =>
      followLive((appIds) => {
        refresh.current(appIds);
        if (appIds === null || appIds.includes(page.current)) setChanges((count) => count + 1);
      }, setLive),
    [],
  );
  useEffect(() => {
    document.querySelector<HTMLElement>('main h1')?.focus();
    document.title = `${page.current || t(text('Console', '控制台'))} · Zhongkong 中控`;
  }, [hash, t]);
  const links = [
    ['/', t(text('Apps', '应用'))],
    ['/clients', t(text('Clients', '客户端'))],
    ['/system', t(text('System', '系统'))],
  ] as const;
  return (
    <>
      <header class="bar">
        <b class="brand">中控 Zhongkong</b>
        <nav aria-label={t(text('Main', '主导航'))}>
          {links.map(([path, label]) => (
            <a key={path} href={`#${path}`} aria-current={isHere(path, hash) ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        <span class={`live is-${live}`} role="status">
          {live === 'live'
            ? t(text('live', '实时'))
            : live === 'lost'
              ? t(text('connection lost; trying again', '连接已断开，正在重连'))
              : t(text('connecting', '连接中'))}
        </span>
        <span class="who">
          {session.client} · v{session.version}
        </span>
        {languageButton}
        <button type="button" class="plain" onClick={signOut}>
          {t(text('Sign out', '退出'))}
        </button>
      </header>
      {page.current !== '' ? (
        <AppPage key={page.current} appId={page.current} changes={changes} />
      ) : hash === '/clients' ? (
        <Clients apps={list.apps} />
      ) : hash === '/system' ? (
        <System />
      ) : (
        <Overview list={list} />
      )}
    </>
  );
}

function isHere(path: string, hash: string): boolean {
  return path === '/' ? hash === '/' || hash.startsWith('/apps/') : hash === path;
}

const root = document.getElementById('root');
if (root !== null) render(<Root />, root);
