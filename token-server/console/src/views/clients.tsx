import { useState } from 'preact/hooks';
import { call } from '../api/api.js';
import { useAnswer, useLoaded, useNow } from '../api/hooks.js';
import type { App, Client } from '../api/types.js';
import { CopyText } from '../parts/copy-text.js';
import { Dialog } from '../parts/dialog.js';
import { Instant } from '../parts/instant.js';
import { text, useText } from '../text/language.js';
import { Connect } from './connect.js';

const AGAIN_MS = 10_000;
const SCOPES = ['token:read', 'token:refresh', 'proxy', 'login', 'token:write', 'admin'] as const;

type Asked =
  | { readonly what: 'create' }
  | { readonly what: 'key' | 'remove'; readonly client: Client }
  | { readonly what: 'revoke'; readonly client: Client; readonly keyId: string };

/** Client keys: what they may do, when they were used, and how to connect with one. */
export function Clients({ apps }: { apps: readonly App[] }) {
  const t = useText();
  const now = useNow();
  const { value, error, reload } = useAnswer<{ clients: Client[] }>('/v1/clients?limit=1000', AGAIN_MS);
  const reports = useLoaded(readReports, AGAIN_MS, 'reports');
  const [asked, setAsked] = useState<Asked>();
  const [made, setMade] = useState<{ name: string; key: string }>();
  const close = () => {
    setAsked(undefined);
    reload();
  };
  return (
    <main class="clients">
      <header class="title">
        <h1>{t(text('Clients', '客户端'))}</h1>
        <div class="actions">
          <button type="button" class="is-main" onClick={() => setAsked({ what: 'create' })}>
            {t(text('Create …', '新建…'))}
          </button>
        </div>
      </header>
      {error !== undefined && (
        <p class="notice is-bad" role="alert">
          {error}
        </p>
      )}
      {made !== undefined && (
        <div class="notice is-good" role="status">
          <p>
            {t(
              text(
                `The key of ${made.name}. It is shown this once: copy it now.`,
                `${made.name} 的密钥，只显示这一次，请立即复制。`,
              ),
            )}
          </p>
          <CopyText value={made.key} label={t(text('new key', '新密钥'))} />
          <button type="button" onClick={() => setMade(undefined)}>
            {t(text('I have it', '已保存'))}
          </button>
        </div>
      )}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t(text('name', '名称'))}</th>
              <th scope="col">{t(text('apps', '应用'))}</th>
              <th scope="col">{t(text('scopes', '权限'))}</th>
              <th scope="col">{t(text('keys, last use', '密钥与最近使用'))}</th>
              <th scope="col" title={t(text('to this server, since its start', '向本服务器，自启动以来'))}>
                {t(text('reports', '上报'))}
              </th>
              <th scope="col">{t(text('ends', '到期'))}</th>
              <th scope="col">{t(text('do', '操作'))}</th>
            </tr>
          </thead>
          <tbody>
            {value?.clients.map((client) => (
              <ClientRow
                key={client.id}
                client={client}
                reports={reports.value?.get(client.name) ?? 0}
                nowMs={now}
                ask={setAsked}
              />
            ))}
          </tbody>
        </table>
      </div>
      <Connect apps={apps} />
      {asked !== undefined && <Question asked={asked} apps={apps} onMade={setMade} close={close} />}
    </main>
  );
}

interface ClientRowProps {
  readonly client: Client;
  readonly reports: number;
  readonly nowMs: number;
  readonly ask: (asked: Asked) => void;
}

function ClientRow({ client, reports, nowMs, ask }: ClientRowProps) {
  const t = useText();
  const isHere = client.source === 'api';
  return (
    <tr>
      <th scope="row">{client.name}</th>
      <td>{client.apps.includes('*') ? t(text('all', '全部')) : client.apps.join(', ')}</td>
      <td>{client.scopes.join(', ')}</td>
      <td>
        <ul class="keys">
          {client.keys.map(({ id, lastUsedAt }) => (
            <li key={id}>
              <code>{id}</code>{' '}
              {lastUsedAt === null ? (
                t(text('not used yet', '尚未使用'))
              ) : (
                <Instant at={lastUsedAt} nowMs={nowMs} />
              )}
              {isHere && (
                <button
                  type="button"
                  class="small"
                  onClick={() => ask({ what: 'revoke', client, keyId: id })}
                >
                  {t(text('Revoke …', '吊销…'))}
                </button>
              )}
            </li>
          ))}
        </ul>
      </td>
      <td class="number">{reports}</td>
      <td>
        {client.expiresAt === null ? (
          t(text('never', '永不'))
        ) : (
          <Instant at={client.expiresAt} nowMs={nowMs} />
        )}
      </td>
      <td>
        {isHere ? (
          <div class="actions">
            <button
              type="button"
              class="small"
              disabled={client.keys.length > 1}
              onClick={() => ask({ what: 'key', client })}
            >
              {t(text('Second key …', '第二把密钥…'))}
            </button>
            <button type="button" class="small is-dangerous" onClick={() => ask({ what: 'remove', client })}>
              {t(text('Remove …', '删除…'))}
            </button>
          </div>
        ) : (
          <span class="quiet">{t(text('in the file', '在配置文件中'))}</span>
        )}
      </td>
    </tr>
  );
}

/** How often each client has reported to this server since its start. */
async function readReports(): Promise<ReadonlyMap<string, number>> {
  const metrics = await call<string>('GET', '/metrics');
  const found = new Map<string, number>();
  for (const [, labels = '', count] of metrics.matchAll(/^zhongkong_reports_total\{(.*)\} (\d+)$/gm)) {
    const name = /client="((?:[^"\\]|\\.)*)"/.exec(labels)?.[1] ?? '';
    found.set(name, (found.get(name) ?? 0) + Number(count));
  }
  return found;
}

interface QuestionProps {
  readonly asked: Asked;
  readonly apps: readonly App[];
  readonly onMade: (made: { name: string; key: string }) => void;
  readonly close: () => void;
}

function Question({ asked, apps, onMade, close }: QuestionProps) {
  const t = useText();
  if (asked.what === 'create') return <Create apps={apps} onMade={onMade} close={close} />;
  const { client } = asked;
  const path = `/v1/clients/${encodeURIComponent(client.id)}`;
  if (asked.what === 'key')
    return (
      <Dialog
        title={t(text(`A second key for ${client.name}?`, `为 ${client.name} 新建第二把密钥？`))}
        confirm={t(text('Create', '新建'))}
        run={async () =>
          onMade({ name: client.name, ...(await call<{ key: string }>('POST', `${path}/keys`)) })
        }
        close={close}
      >
        <p>
          {t(
            text(
              'Give it to the service, see that the old key is used no more, and revoke that one.',
              '把它交给服务，确认旧密钥不再使用后，再吊销旧密钥。',
            ),
          )}
        </p>
      </Dialog>
    );
  const isRevocation = asked.what === 'revoke';
  return (
    <Dialog
      title={
        isRevocation
          ? t(text(`Revoke the key ${asked.keyId}?`, `吊销密钥 ${asked.keyId}？`))
          : t(text(`Remove ${client.name}?`, `删除 ${client.name}？`))
      }
      confirm={isRevocation ? t(text('Revoke', '吊销')) : t(text('Remove', '删除'))}
      isDangerous
      run={() => call('DELETE', isRevocation ? `${path}/keys/${encodeURIComponent(asked.keyId)}` : path)}
      close={close}
    >
      <p>
        {t(
          text(
            'It counts on every server within a second; open streams and calls of it end.',
            '一秒内在所有服务器生效，已打开的事件流和调用随之结束。',
          ),
        )}
      </p>
    </Dialog>
  );
}

function Create({ apps, onMade, close }: Omit<QuestionProps, 'asked'>) {
  const t = useText();
  const [name, setName] = useState('');
  const [named, setNamed] = useState('*');
  const [scopes, setScopes] = useState<readonly string[]>(['token:read', 'token:refresh']);
  const toggle = (scope: string) =>
    setScopes(scopes.includes(scope) ? scopes.filter((one) => one !== scope) : [...scopes, scope]);
  async function run(): Promise<void> {
    const ids = named.split(/[\s,，]+/).filter(Boolean);
    const { key } = await call<{ key: string }>('POST', '/v1/clients', {
      name: name.trim(),
      apps: ids,
      scopes,
    });
    onMade({ name, key });
  }
  return (
    <Dialog
      title={t(text('Create a client', '新建客户端'))}
      confirm={t(text('Create', '新建'))}
      run={run}
      close={close}
    >
      <label for="name">{t(text('Name of the service', '服务名称'))}</label>
      <input
        id="name"
        required
        maxLength={100}
        placeholder="order-service"
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <label for="apps">{t(text('App ids, or * for all', 'appid 列表，* 表示全部'))}</label>
      <input
        id="apps"
        required
        list="known-apps"
        value={named}
        onInput={(event) => setNamed(event.currentTarget.value)}
      />
      <datalist id="known-apps">
        {apps.slice(0, 200).map(({ appId }) => (
          <option key={appId} value={appId} />
        ))}
      </datalist>
      <fieldset>
        <legend>{t(text('Scopes', '权限'))}</legend>
        {SCOPES.map((scope) => (
          <label key={scope} class="check">
            <input type="checkbox" checked={scopes.includes(scope)} onChange={() => toggle(scope)} /> {scope}
          </label>
        ))}
      </fieldset>
    </Dialog>
  );
}
