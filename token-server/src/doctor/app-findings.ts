import type { budgetsOf } from '@zhongkong/jobs';
import type { Bilingual } from '@zhongkong/shared';
import { callerAddressIn, classifyIssueFault, hintFor } from '@zhongkong/shared';
import type { CheckId } from './checks.js';
import { type Finding, finding, listNames } from './finding.js';

/** What WeChat says of an app and its secret. */
export type SecretAnswer =
  | { readonly is: 'accepted' }
  | { readonly is: 'fault'; readonly errcode: number; readonly errmsg: string }
  | { readonly is: 'no-answer' };

export interface AppFacts {
  readonly appId: string;
  /** Null: it was not tried. */
  readonly answer: SecretAnswer | null;
  /** When tokens of the app died early within a day; null: not known. */
  readonly conflictTimes: readonly number[] | null;
  /** Null: not known. */
  readonly budgets: ReturnType<typeof budgetsOf> | null;
}

const OF_SECRET = [40001, 40013, 40125, 40243, 41004];
const OF_ADDRESS = [40164, 45035, 60020, 61004];

/** Of all apps: what WeChat accepts and refuses, who else fetches, what is left of the budgets. */
export function appFindings(apps: readonly AppFacts[]): Finding[] {
  return [...secretFindings(apps), ...conflictFindings(apps), ...budgetFindings(apps)];
}

/** The addresses that WeChat has refused. */
export function refusedAddresses(apps: readonly AppFacts[]): string[] {
  const addresses = apps.flatMap(({ answer }) =>
    answer?.is === 'fault' && OF_ADDRESS.includes(answer.errcode)
      ? [callerAddressIn(answer.errmsg) ?? '']
      : [],
  );
  return [...new Set(addresses)].filter((address) => address !== '');
}

function secretFindings(apps: readonly AppFacts[]): Finding[] {
  const groups = groupBy(
    apps.flatMap(({ appId, answer }) => (answer?.is === 'fault' ? [{ appId, ...answer }] : [])),
    ({ errcode, errmsg }) =>
      OF_ADDRESS.includes(errcode) ? `address ${callerAddressIn(errmsg) ?? ''}` : String(errcode),
  );
  const refused = groups.flatMap((group) => {
    const [{ errcode, errmsg } = { errcode: 0, errmsg: '' }] = group;
    const names = group.map(({ appId }) => appId);
    return refusal(errcode, errmsg, names);
  });
  const count = (is: SecretAnswer['is']) => apps.filter(({ answer }) => answer?.is === is).length;
  const silent = count('no-answer');
  if (silent > 0)
    refused.push(
      finding('app-refused', {
        level: 'warning',
        what: {
          en: `WeChat gave no answer about ${silent} apps.`,
          zh: `有 ${silent} 个应用没有得到微信的应答。`,
        },
        todo: { en: 'Try again.', zh: '请重试。' },
      }),
    );
  const found = new Set(refused.map(({ id }) => id));
  const tried = apps.filter(({ answer }) => answer !== null).length;
  if (tried === 0) return refused;
  const accepted: Bilingual = {
    en: `WeChat accepts ${count('accepted')} of ${tried} apps that were tried, of ${apps.length}`,
    zh: `共 ${apps.length} 个应用，试了 ${tried} 个，微信接受 ${count('accepted')} 个`,
  };
  const checks: CheckId[] = ['app-secret', 'whitelist', 'app-refused'];
  return [
    ...refused,
    ...checks.filter((id) => !found.has(id)).map((id) => finding(id, { level: 'ok', what: accepted })),
  ];
}

function refusal(errcode: number, errmsg: string, appIds: readonly string[]): Finding[] {
  const names = listNames(appIds);
  const said = `${errcode} ${errmsg}`.trim();
  const what = {
    en: `WeChat answers "${said}" for ${names.en}.`,
    zh: `微信对 ${names.zh} 返回“${said}”。`,
  };
  if (OF_ADDRESS.includes(errcode)) return [addressRefusal(errcode, callerAddressIn(errmsg), names)];
  const hint = hintFor(errcode, errmsg);
  if (OF_SECRET.includes(errcode)) {
    const isSecret = errcode !== 40013 && errcode !== 40243;
    return [finding('app-secret', { level: 'bad', what, ...(!isSecret && hint && { todo: hint }) })];
  }
  const kind = classifyIssueFault(errcode);
  const level = kind === 'misconfigured' || kind === 'rejected' ? 'bad' : 'warning';
  const again = { en: 'Try again later.', zh: '请稍后重试。' };
  const todo = hint ?? (level === 'warning' ? again : undefined);
  return [finding('app-refused', { level, what, ...(todo && { todo }) })];
}

function addressRefusal(errcode: number, address: string | undefined, names: Bilingual): Finding {
  const entry = {
    en: 'official account: 设置与开发 → 开发接口管理 → IP白名单; mini program: 管理 → 开发管理 → 开发设置 → IP白名单',
    zh: '公众号：设置与开发 → 开发接口管理 → IP白名单；小程序：管理 → 开发管理 → 开发设置 → IP白名单',
  };
  const which = address ?? { en: 'the address of this server', zh: '本服务器的出口 IP' };
  const [en, zh] = typeof which === 'string' ? [which, which] : [which.en, which.zh];
  return finding('whitelist', {
    level: 'bad',
    what: {
      en: `${en} is not on the IP whitelist of ${names.en} (${errcode}).`,
      zh: `${zh} 不在 ${names.zh} 的 IP 白名单中（${errcode}）。`,
    },
    todo: {
      en: `Enter ${en} at mp.weixin.qq.com, one address a line (${entry.en}). It counts after some minutes.`,
      zh: `请登录 mp.weixin.qq.com 填写 ${zh}，每行一个（${entry.zh}）。几分钟后生效。`,
    },
  });
}

function conflictFindings(apps: readonly AppFacts[]): Finding[] {
  const known = apps.filter(({ conflictTimes }) => conflictTimes !== null);
  if (known.length === 0) return [];
  const fought = known.filter(({ conflictTimes }) => (conflictTimes?.length ?? 0) > 0);
  if (fought.length === 0)
    return [
      finding('conflict', {
        level: 'ok',
        what: { en: 'no tokens died early within a day', zh: '一天内没有 token 提前失效' },
      }),
    ];
  const names = listNames(fought.map(({ appId, conflictTimes }) => `${appId} (${conflictTimes?.length})`));
  return [
    finding('conflict', {
      level: 'bad',
      what: {
        en: `Somebody else seems to fetch tokens; so many died early within a day: ${names.en}.`,
        zh: `似乎有其他程序也在获取 token；一天内提前失效的次数：${names.zh}。`,
      },
    }),
  ];
}

function budgetFindings(apps: readonly AppFacts[]): Finding[] {
  const known = apps.filter(({ budgets }) => budgets !== null);
  if (known.length === 0) return [];
  const high = known.flatMap(({ appId, budgets }) =>
    (budgets ?? []).filter(({ almostUsedUp }) => almostUsedUp).map((use) => ({ appId, ...use })),
  );
  if (high.length === 0)
    return [
      finding('budget', {
        level: 'ok',
        what: { en: 'less than 80 % is used in every app', zh: '所有应用的用量均低于 80%' },
      }),
    ];
  const names = listNames(
    high.map(({ appId, budget, used, limit }) => `${appId} ${budget} ${used}/${limit}`),
  );
  return [
    finding('budget', {
      level: high.some(({ used, limit }) => used >= limit) ? 'bad' : 'warning',
      what: {
        en: `Used today: ${names.en}.`,
        zh: `今日已用：${names.zh}。`,
      },
    }),
  ];
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}
