import type { SealedSurvey } from '@zhongkong/jobs';
import { type Finding, finding, listNames } from './finding.js';

export interface SealedFacts {
  /** Null: there was no time to open everything. */
  readonly survey: SealedSurvey | null;
}

export interface ServerFacts {
  readonly servers: readonly { readonly id: string; readonly url: string | null; readonly version: string }[];
  /** Servers on this Redis that are not in the list: version 0.1.0 had none. */
  readonly strangers: number;
}

/** @param masterKeyFits whether this machine has the key that seals; null: nothing was sealed yet */
export function masterKeyFinding(masterKeyFits: boolean | null): Finding {
  if (masterKeyFits === false)
    return finding('master-key', {
      level: 'bad',
      what: {
        en: 'What Redis holds is sealed under a master key that is not known here.',
        zh: 'Redis 中的数据由另一个主密钥加密，此处没有该密钥。',
      },
    });
  return finding('master-key', {
    level: 'ok',
    what: masterKeyFits
      ? { en: 'it is the one that seals', zh: '与加密所用的一致' }
      : { en: 'nothing is sealed yet', zh: '尚无加密数据' },
  });
}

export function sealedFinding({ survey }: SealedFacts): Finding {
  if (survey === null)
    return finding('unreadable-state', {
      level: 'warning',
      what: {
        en: 'There was not enough time to open everything that Redis holds.',
        zh: '数据较多，未能在限定时间内全部检查。',
      },
      todo: {
        en: 'Try again; the metric zhongkong_unreadable_values_total counts what servers could not open.',
        zh: '请重试；指标 zhongkong_unreadable_values_total 统计了服务器无法解密的次数。',
      },
    });
  const { readable, unknownKey, damaged } = survey;
  if (unknownKey.length + damaged.length === 0)
    return finding('unreadable-state', {
      level: 'ok',
      what: { en: `${readable} sealed values can be opened`, zh: `${readable} 个加密值均可解密` },
    });
  const keyIds = [...new Set(unknownKey.map(({ keyId }) => keyId ?? '?'))];
  const names = listNames([...unknownKey, ...damaged].map(nameOfValue));
  const parts = [
    unknownKey.length > 0 && {
      en: `${unknownKey.length} sealed under a master key that is not known here (${keyIds.join(', ')})`,
      zh: `${unknownKey.length} 个由未知主密钥（${keyIds.join('、')}）加密`,
    },
    damaged.length > 0 && { en: `${damaged.length} damaged`, zh: `${damaged.length} 个已损坏` },
  ].filter((part) => part !== false);
  return finding('unreadable-state', {
    level: 'bad',
    what: {
      en: `Values that cannot be opened: ${parts.map(({ en }) => en).join('; ')}. They are: ${names.en}.`,
      zh: `无法解密的数据：${parts.map(({ zh }) => zh).join('；')}。包括：${names.zh}。`,
    },
    ...(unknownKey.length === 0 && {
      todo: {
        en: 'Tokens are fetched anew by themselves; add damaged apps and clients again.',
        zh: 'token 会自动重新获取；请重新添加已损坏的应用和客户端。',
      },
    }),
  });
}

/** `zhongkong:{wx…}:access-token:data` becomes `access-token of wx…`, `{zhongkong:registry}:apps` `apps/wx…`. */
function nameOfValue({ key, field }: { key: string; field: string }): string {
  const [, table] = /:registry\}:(\w+)$/.exec(key) ?? [];
  if (table !== undefined) return `${table}/${field}`;
  const [, appId, kind] = /\{([^}]*)\}:(\w[\w-]*):data$/.exec(key) ?? [];
  return appId === undefined ? `${key} ${field}` : `${appId}/${kind}`;
}

export function versionFinding({ servers, strangers }: ServerFacts): Finding {
  const byVersion = new Map<string, string[]>();
  for (const { id, url, version } of servers)
    byVersion.set(version, [...(byVersion.get(version) ?? []), url ?? id]);
  if (byVersion.size <= 1 && strangers === 0) {
    const [version] = byVersion.keys();
    return finding('version-skew', {
      level: 'ok',
      what:
        version === undefined
          ? { en: 'no server runs', zh: '没有服务器在运行' }
          : { en: `${servers.length} × version ${version}`, zh: `${servers.length} 台，版本 ${version}` },
    });
  }
  const lists = [...byVersion].map(([version, names]) => ({ version, names: listNames(names) }));
  const older = strangers > 0;
  return finding('version-skew', {
    level: 'warning',
    what: {
      en: `The servers on this Redis differ: ${[
        ...lists.map(({ version, names }) => `version ${version} (${names.en})`),
        ...(older ? [`${strangers} of an older version that does not name itself`] : []),
      ].join('; ')}.`,
      zh: `同一 Redis 上的服务器版本不同：${[
        ...lists.map(({ version, names }) => `${version}（${names.zh}）`),
        ...(older ? [`另有 ${strangers} 台旧版本，未登记自己`] : []),
      ].join('；')}。`,
    },
  });
}
