import { useState } from 'preact/hooks';
import type { App } from '../api/types.js';
import { text, useText } from '../text/language.js';
import { APP_DIALOGS } from './app-dialogs.js';

type Action = keyof typeof APP_DIALOGS;

/** The buttons of an app, and what came of the last one. */
export function AppActions({ app, onDone }: { app: App; onDone: () => void }) {
  const t = useText();
  const [action, setAction] = useState<Action>();
  const [outcome, setOutcome] = useState('');
  const close = () => {
    setAction(undefined);
    onDone();
  };
  const open = (chosen: Action) => {
    setOutcome('');
    setAction(chosen);
  };
  const isHere = app.source === 'api';
  const reason = isHere
    ? ''
    : t(text('It is changed in the configuration file.', '此应用在配置文件中修改。'));
  const canFetch = app.mode !== 'external' && !app.paused;
  const ofRegistry: readonly (readonly [Action, string])[] = [
    ['secret', t(text('AppSecret …', 'AppSecret…'))],
    ['policy', t(text('Policy …', '策略…'))],
    ['pause', t(app.paused ? text('Resume …', '恢复…') : text('Pause …', '暂停…'))],
    ['remove', t(text('Remove …', '删除…'))],
  ];
  const Asked = action && APP_DIALOGS[action];
  return (
    <div class="actions">
      {canFetch && (
        <button type="button" class="is-main" onClick={() => open('refresh')}>
          {t(text('Refresh now', '立即刷新'))}
        </button>
      )}
      {canFetch && app.mode === 'stable' && (
        <button type="button" onClick={() => open('force')}>
          {t(text('Force …', '强制刷新…'))}
        </button>
      )}
      {ofRegistry.map(([name, label]) => (
        <button
          type="button"
          key={name}
          class={name === 'remove' ? 'is-dangerous' : ''}
          disabled={!isHere}
          title={reason}
          onClick={() => open(name)}
        >
          {label}
        </button>
      ))}
      <p class="outcome" role="status">
        {outcome}
      </p>
      {Asked !== undefined && <Asked app={app} done={setOutcome} close={close} />}
    </div>
  );
}
