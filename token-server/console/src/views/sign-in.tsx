import { useState } from 'preact/hooks';
import { call } from '../api/api.js';
import type { Session } from '../api/types.js';
import { text, useText } from '../text/language.js';

/** Asks for a key with the scope admin. */
export function SignIn({
  onSignedIn,
  wasSignedIn,
}: {
  onSignedIn: (session: Session) => void;
  wasSignedIn: boolean;
}) {
  const t = useText();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const key = String(new FormData(form).get('key') ?? '').trim();
    setIsBusy(true);
    try {
      onSignedIn(await call<Session>('POST', '/console/session', { key }));
    } catch (reason) {
      setError((reason as Error).message);
      setIsBusy(false);
    }
  }
  return (
    <main class="sign-in">
      <h1>Zhongkong 中控</h1>
      <p>{t(text('The central control server for WeChat access tokens', '微信 access_token 中控服务器'))}</p>
      {wasSignedIn && error === undefined && (
        <p class="notice" role="status">
          {t(text('You are signed out.', '你已退出登录。'))}
        </p>
      )}
      <form onSubmit={submit}>
        <label for="key">{t(text('Admin key', '管理密钥'))}</label>
        <input id="key" name="key" type="password" autocomplete="current-password" required autofocus />
        {error !== undefined && (
          <p class="notice is-bad" role="alert">
            {error}
          </p>
        )}
        <button type="submit" class="is-main" disabled={isBusy}>
          {t(text('Sign in', '登录'))}
        </button>
      </form>
      <p class="quiet">
        {t(
          text(
            'A server with its own Redis has made one in DATA_DIR/admin.key (data/admin.key by default). On a shared Redis, use the key of a client with the scope admin.',
            '自带 Redis 的服务器已生成一把，在 DATA_DIR/admin.key（默认 data/admin.key）。使用共用 Redis 时，请用有 admin 权限的客户端密钥。',
          ),
        )}
      </p>
    </main>
  );
}
