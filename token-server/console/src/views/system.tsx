import { useContext, useState } from 'preact/hooks';
import { call } from '../api/api.js';
import { useAnswer, useLoaded, useNow } from '../api/hooks.js';
import type { AuditEntry, Finding, Server } from '../api/types.js';
import { Instant } from '../parts/instant.js';
import { LanguageContext, text, useText } from '../text/language.js';
import { duration } from '../text/times.js';

const AGAIN_MS = 10_000;
const AUDIT_AGAIN_MS = 30_000;

/** Servers, Redis, queue and streams, what the doctor finds, and who changed what. */
export function System() {
  const t = useText();
  return (
    <main class="system">
      <h1>{t(text('System', '系统'))}</h1>
      <Servers />
      <ThisServer />
      <Doctor />
      <Audit />
    </main>
  );
}

function Servers() {
  const t = useText();
  const now = useNow();
  const language = useContext(LanguageContext);
  const { value, error } = useAnswer<{ servers: Server[] }>('/v1/servers', AGAIN_MS);
  const versions = new Set(value?.servers.map(({ version }) => version));
  return (
    <section aria-labelledby="servers">
      <h2 id="servers">{t(text('Servers', '服务器'))}</h2>
      <Failure message={error} />
      {versions.size > 1 && (
        <p class="notice is-warning">
          {t(
            text(
              'The servers have different versions: upgrade all of them.',
              '服务器版本不一致：请全部升级。',
            ),
          )}
        </p>
      )}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t(text('name', '名称'))}</th>
              <th scope="col">{t(text('address', '地址'))}</th>
              <th scope="col">{t(text('version', '版本'))}</th>
              <th scope="col">{t(text('runs since', '已运行'))}</th>
              <th scope="col">{t(text('master key', '主密钥'))}</th>
            </tr>
          </thead>
          <tbody>
            {value?.servers.map((server) => (
              <tr key={server.id}>
                <th scope="row">
                  {server.id}{' '}
                  {server.isThisServer && <em class="health is-fresh">{t(text('this one', '当前'))}</em>}
                </th>
                <td>{server.url ?? '–'}</td>
                <td>{server.version}</td>
                <td title={server.startedAt}>
                  {duration((now - Date.parse(server.startedAt)) / 1000, language)}
                </td>
                <td>
                  <code>{server.masterKeyIds.join(', ')}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The numbers of Prometheus that people ask for first. */
async function readNumbers(): Promise<ReadonlyMap<string, number>> {
  const metrics = await call<string>('GET', '/metrics');
  return new Map(
    [...metrics.matchAll(/^(zhongkong_[a-z_]+) ([\d.e+-]+)$/gm)].map(([, name = '', value]) => [
      name,
      Number(value),
    ]),
  );
}

function ThisServer() {
  const t = useText();
  const numbers = useLoaded(readNumbers, AGAIN_MS, 'metrics');
  const ready = useAnswer<{ status: string; redis: string }>('/readyz', AGAIN_MS);
  const number = (name: string) => numbers.value?.get(`zhongkong_${name}`) ?? '–';
  const bytes = numbers.value?.get('zhongkong_process_resident_memory_bytes');
  const isWell = ready.value?.redis === 'reachable';
  return (
    <section aria-labelledby="this-server">
      <h2 id="this-server">{t(text('This server', '当前服务器'))}</h2>
      <dl class="facts">
        <div>
          <dt>Redis</dt>
          <dd>
            <em class={`health is-${isWell ? 'fresh' : 'dead'}`}>
              {ready.value === undefined ? (ready.error ?? '…') : ready.value.redis}
            </em>
          </dd>
        </div>
        <div>
          <dt>{t(text('event streams', '事件流'))}</dt>
          <dd>{number('event_streams')}</dd>
        </div>
        <div>
          <dt>{t(text('overdue wakes', '超时唤醒'))}</dt>
          <dd>{number('overdue_wakes_total')}</dd>
        </div>
        <div>
          <dt>{t(text('memory', '内存'))}</dt>
          <dd>{bytes === undefined ? '–' : `${Math.round(bytes / 1_048_576)} MiB`}</dd>
        </div>
      </dl>
    </section>
  );
}

function Doctor() {
  const t = useText();
  const [findings, setFindings] = useState<readonly Finding[]>();
  const [error, setError] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  async function look(): Promise<void> {
    setIsBusy(true);
    setError(undefined);
    try {
      setFindings((await call<{ findings: Finding[] }>('GET', '/v1/doctor')).findings);
    } catch (reason) {
      setError((reason as Error).message);
    }
    setIsBusy(false);
  }
  const open = findings?.filter(({ level }) => level !== 'ok');
  return (
    <section aria-labelledby="doctor">
      <h2 id="doctor">{t(text('Doctor', '体检'))}</h2>
      <Failure message={error} />
      <button type="button" onClick={look} disabled={isBusy}>
        {isBusy ? t(text('Looking …', '检查中…')) : t(text('Look for what is wrong', '开始检查'))}
      </button>
      {open?.length === 0 && (
        <p class="notice is-good" role="status">
          {t(text(`All ${findings?.length} findings are well.`, `${findings?.length} 项检查全部正常。`))}
        </p>
      )}
      <ul class="findings">
        {open?.map((finding) => (
          <li key={finding.id + finding.what.en} class={`notice is-${finding.level}`}>
            <b>{t(finding.title)}</b> {t(finding.what)} {t(finding.why)}
            {finding.todo !== null && <p>{t(finding.todo)}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Audit() {
  const t = useText();
  const now = useNow();
  const { value, error } = useAnswer<{ entries: AuditEntry[] }>('/v1/audit?limit=100', AUDIT_AGAIN_MS);
  return (
    <section aria-labelledby="audit">
      <h2 id="audit">{t(text('Who changed what', '谁改了什么'))}</h2>
      <Failure message={error} />
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">{t(text('when', '时间'))}</th>
              <th scope="col">{t(text('who', '谁'))}</th>
              <th scope="col">{t(text('from', '来自'))}</th>
              <th scope="col">{t(text('what', '操作'))}</th>
              <th scope="col">{t(text('before and after', '前后'))}</th>
            </tr>
          </thead>
          <tbody>
            {value?.entries.map((entry) => (
              <tr key={entry.id}>
                <td>
                  <Instant at={entry.at} nowMs={now} />
                </td>
                <td>{entry.client}</td>
                <td>{entry.address}</td>
                <td>
                  {entry.action} {entry.target}
                </td>
                <td>
                  <code class="wrap">
                    {entry.before !== undefined && `${JSON.stringify(entry.before)} → `}
                    {entry.after !== undefined && JSON.stringify(entry.after)}
                  </code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {value?.entries.length === 0 && <p class="quiet">{t(text('There is nothing yet.', '还没有记录。'))}</p>}
    </section>
  );
}

function Failure({ message }: { message: string | undefined }) {
  if (message === undefined) return null;
  return (
    <p class="notice is-bad" role="alert">
      {message}
    </p>
  );
}
