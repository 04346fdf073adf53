import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call } from '../api/api.js';
import type { App } from '../api/types.js';
import { Dialog } from '../parts/dialog.js';
import { text, useText } from '../text/language.js';

export interface AppDialogProps {
  readonly app: App;
  /** Gets what came of it, for the operator. */
  readonly done: (outcome: string) => void;
  readonly close: () => void;
}

const pathOf = ({ appId }: App) => `/v1/apps/${encodeURIComponent(appId)}`;

function useRotation({ app, done }: AppDialogProps): (force: boolean) => Promise<void> {
  const t = useText();
  return async (force) => {
    const answer = await call<{ refreshed: boolean; version: number; reason?: string }>(
      'POST',
      `${pathOf(app)}/access-token/rotate`,
      { force },
    );
    if (answer.refreshed)
      done(
        t(text(`There is a new token, version ${answer.version}.`, `已有新 token，版本 ${answer.version}。`)),
      );
    else if (answer.reason === 'cooldown')
      done(t(text('No new token: the budget does not allow one now.', '没有新 token：目前额度不允许。')));
    else
      done(t(text('WeChat gave the same token: it is still good.', '微信返回了同一个 token：它仍然有效。')));
  };
}

function RefreshDialog(props: AppDialogProps) {
  const t = useText();
  const rotate = useRotation(props);
  const cost =
    props.app.mode === 'classic'
      ? text(
          'It costs one of the fetches of the day; the token of before lives on for five minutes.',
          '消耗一次当日获取额度；旧 token 再有效五分钟。',
        )
      : text(
          'In stable mode WeChat gives back the current token as long as it is good; this costs nothing.',
          'stable 模式下，只要当前 token 有效，微信就返回同一个，不消耗额度。',
        );
  return (
    <Dialog
      title={t(text('Refresh now?', '现在刷新？'))}
      confirm={t(text('Refresh', '刷新'))}
      run={() => rotate(false)}
      close={props.close}
    >
      <p>{t(cost)}</p>
    </Dialog>
  );
}

function ForceDialog(props: AppDialogProps) {
  const t = useText();
  const rotate = useRotation(props);
  const forced = props.app.budgets.find(({ budget }) => budget === 'forced');
  const [limit, used] = [forced?.limit ?? 20, forced?.used ?? 0];
  return (
    <Dialog
      title={t(text('Force a new token?', '强制换新 token？'))}
      confirm={t(text('Force', '强制'))}
      isDangerous
      run={() => rotate(true)}
      close={props.close}
    >
      <p>
        {t(
          text(
            `The current token dies at once, also where it is in use. It costs one of the ${limit} forced refreshes of the day; ${used} are used.`,
            `当前 token 立即失效，正在使用它的地方也一样。每天只有 ${limit} 次强制刷新，已用 ${used} 次。`,
          ),
        )}
      </p>
    </Dialog>
  );
}

function SecretDialog({ app, done, close }: AppDialogProps) {
  const t = useText();
  const [secret, setSecret] = useState('');
  async function run(): Promise<void> {
    await call('PUT', pathOf(app), { secret: secret.trim() });
    done(t(text('The new AppSecret is in use.', '新的 AppSecret 已生效。')));
  }
  return (
    <Dialog
      title={t(text('Replace the AppSecret', '更换 AppSecret'))}
      confirm={t(text('Try and replace', '验证并更换'))}
      run={run}
      close={close}
    >
      <p>
        {t(
          text(
            'It is tried at WeChat first. If WeChat refuses it, nothing changes.',
            '会先到微信验证。微信拒绝时，什么都不会改变。',
          ),
        )}
      </p>
      <label for="secret">{t(text('New AppSecret', '新的 AppSecret'))}</label>
      <input
        id="secret"
        type="password"
        autocomplete="off"
        required
        value={secret}
        onInput={(event) => setSecret(event.currentTarget.value)}
      />
    </Dialog>
  );
}

function PolicyDialog({ app, done, close }: AppDialogProps) {
  const t = useText();
  const [changes, setChanges] = useState('');
  async function run(): Promise<void> {
    let policy: unknown;
    try {
      policy = JSON.parse(changes);
    } catch {
      throw new Error(
        t(
          text(
            'This is not JSON, such as { "dailyBudget": 1500 }.',
            '这不是 JSON，例如 { "dailyBudget": 1500 }。',
          ),
        ),
      );
    }
    await call('PUT', pathOf(app), { policy });
    done(t(text('The policy has changed.', '策略已修改。')));
  }
  return (
    <Dialog
      title={t(text('Change the policy', '修改策略'))}
      confirm={t(text('Change', '修改'))}
      run={run}
      close={close}
    >
      <p>
        {t(
          text(
            'In seconds and counts, as JSON; null removes a value. What counts now:',
            '单位为秒或次，用 JSON 填写；null 表示去掉该值。当前生效：',
          ),
        )}
      </p>
      <pre>{JSON.stringify(app.policy, null, 2)}</pre>
      <label for="policy">{t(text('Changes', '改动'))}</label>
      <textarea
        id="policy"
        rows={3}
        required
        placeholder='{ "dailyBudget": 1500 }'
        value={changes}
        onInput={(event) => setChanges(event.currentTarget.value)}
      />
    </Dialog>
  );
}

function PauseDialog({ app, done, close }: AppDialogProps) {
  const t = useText();
  const { paused } = app;
  async function run(): Promise<void> {
    await call('PUT', pathOf(app), { paused: !paused });
    done(t(paused ? text('It is fetched for again.', '已恢复获取。') : text('It is paused.', '已暂停。')));
  }
  return (
    <Dialog
      title={t(paused ? text('Resume?', '恢复？') : text('Pause?', '暂停？'))}
      confirm={t(paused ? text('Resume', '恢复') : text('Pause', '暂停'))}
      run={run}
      close={close}
    >
      <p>
        {t(
          text(
            'A paused app gets no new token; the one that it has is given out until its end.',
            '暂停的应用不再获取新 token；现有的 token 用到过期为止。',
          ),
        )}
      </p>
    </Dialog>
  );
}

function RemoveDialog({ app, close }: AppDialogProps) {
  const t = useText();
  const [typed, setTyped] = useState('');
  async function run(): Promise<void> {
    if (typed.trim() !== app.appId) throw new Error(t(text('The app id does not match.', 'appid 不一致。')));
    await call('DELETE', pathOf(app));
    location.hash = '#/';
  }
  return (
    <Dialog
      title={t(text(`Remove ${app.appId}?`, `删除 ${app.appId}？`))}
      confirm={t(text('Remove', '删除'))}
      isDangerous
      run={run}
      close={close}
    >
      <p>
        {t(
          text(
            'Its token, history and AppSecret are deleted, and clients get 404. Type the app id to go on.',
            '它的 token、历史和 AppSecret 会被删除，客户端将得到 404。请输入 appid 以继续。',
          ),
        )}
      </p>
      <label for="confirm">{t(text('App id', 'appid'))}</label>
      <input id="confirm" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
    </Dialog>
  );
}

/** What an operator can do with an app; each asks first. */
export const APP_DIALOGS = {
  refresh: RefreshDialog,
  force: ForceDialog,
  secret: SecretDialog,
  policy: PolicyDialog,
  pause: PauseDialog,
  remove: RemoveDialog,
} satisfies Record<string, (props: AppDialogProps) => JSX.Element>;
