import { type Finding, finding, listNames } from './finding.js';

/** A file or folder with secrets. */
export interface FileFacts {
  readonly path: string;
  /** `key`: made by the server for itself alone; `given`: named by the configuration. */
  readonly kind: 'key' | 'given' | 'folder' | 'socket';
  /** As stat gives it. */
  readonly mode: number;
}

export interface ConfigFacts {
  /** One line each. */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  /** What was read; null: there is no configuration file, so that a demo would start. */
  readonly file: string | null;
}

export interface PortFacts {
  /** As in PORT and HOST. */
  readonly address: string;
  /** Who listens there. */
  readonly owner: 'nobody' | 'zhongkong' | 'other';
  /** Whether the address is one of this machine. */
  readonly isHere: boolean;
}

/** What is wrong with the data folder; null: nothing. */
export type FolderFault =
  | { readonly is: 'unusable'; readonly path: string; readonly code: string }
  | { readonly is: 'in-use'; readonly path: string; readonly pid: string }
  | { readonly is: 'no-key'; readonly path: string }
  | null;

const OTHERS_READ = 0o004;
const OTHERS_WRITE = 0o002;
const GROUP_WRITES = 0o020;

type Danger = 'none' | 'readable' | 'writable';

function dangerOf({ kind, mode }: FileFacts): Danger {
  const othersWrite = (mode & OTHERS_WRITE) !== 0;
  // The socket is for the group too, which the reverse proxy joins; connecting takes the right to write.
  if (kind === 'socket') return othersWrite ? 'writable' : 'none';
  if (othersWrite || (mode & GROUP_WRITES) !== 0) return 'writable';
  return kind !== 'folder' && (mode & OTHERS_READ) !== 0 ? 'readable' : 'none';
}

/** Kubernetes mounts given files readable, so these are a warning; what others may change is worse. */
export function fileModesFinding(files: readonly FileFacts[]): Finding {
  const open = files
    .map((file) => ({ ...file, danger: dangerOf(file) }))
    .filter(({ danger }) => danger !== 'none');
  if (open.length === 0)
    return finding('file-modes', {
      level: 'ok',
      what: {
        en: `${files.length} files, closed to others`,
        zh: `${files.length} 个文件，其他用户均无权访问`,
      },
    });
  const isBad = open.some(({ danger, kind }) => danger === 'writable' || kind === 'key');
  const names = listNames(
    open.map(({ path, mode }) => `${path} (${(mode & 0o777).toString(8).padStart(4, '0')})`),
  );
  const paths = (kinds: readonly FileFacts['kind'][]) =>
    open.filter(({ kind }) => kinds.includes(kind)).map(({ path }) => path);
  const commands = [
    ...(paths(['key', 'given']).length > 0 ? [`chmod 600 ${paths(['key', 'given']).join(' ')}`] : []),
    ...(paths(['folder']).length > 0 ? [`chmod 700 ${paths(['folder']).join(' ')}`] : []),
    ...(paths(['socket']).length > 0 ? [`chmod 660 ${paths(['socket']).join(' ')}`] : []),
  ].join(' && ');
  return finding('file-modes', {
    level: isBad ? 'bad' : 'warning',
    what: {
      en: `Other users of this machine may read or change: ${names.en}.`,
      zh: `本机其他用户可以读取或修改：${names.zh}。`,
    },
    todo: {
      en: `${commands} (in Kubernetes: defaultMode: 0400).`,
      zh: `${commands}（Kubernetes 中：defaultMode: 0400）。`,
    },
  });
}

export function configurationFinding({ faults, warnings, file }: ConfigFacts): Finding {
  if (faults.length > 0)
    return finding('configuration', {
      level: 'bad',
      what: {
        en: `The configuration has faults, so it is not used: ${faults.join('; ')}.`,
        zh: `配置有误，不会被采用：${faults.join('；')}。`,
      },
    });
  if (warnings.length > 0)
    return finding('configuration', {
      level: 'warning',
      what: { en: `${warnings.join('; ')}.`, zh: `${warnings.join('；')}。` },
    });
  return finding('configuration', {
    level: 'ok',
    what:
      file === null
        ? { en: 'there is no file, so a demo would start', zh: '没有配置文件，将以演示模式启动' }
        : { en: `${file} has no faults`, zh: `${file} 没有错误` },
  });
}

export function portFinding({ address, owner, isHere }: PortFacts): Finding {
  if (!isHere)
    return finding('port', {
      level: 'bad',
      what: { en: `${address} is no address of this machine.`, zh: `${address} 不是本机的地址。` },
      todo: {
        en: 'Correct HOST: 127.0.0.1 for this machine only, 0.0.0.0 for all of its addresses.',
        zh: '请修正 HOST：仅本机用 127.0.0.1，所有地址用 0.0.0.0。',
      },
    });
  if (owner === 'zhongkong')
    return finding('port', {
      level: 'warning',
      what: {
        en: `A Zhongkong server listens on ${address} already.`,
        zh: `${address} 上已有一个 Zhongkong 服务器在运行。`,
      },
      todo: {
        en: 'Ask that one: zhongkong doctor --url with its address.',
        zh: '请直接检查它：zhongkong doctor --url 加上它的地址。',
      },
    });
  if (owner === 'other')
    return finding('port', {
      level: 'bad',
      what: { en: `Another program listens on ${address}.`, zh: `${address} 已被其他程序占用。` },
    });
  return finding('port', {
    level: 'ok',
    what: { en: `${address} is free`, zh: `${address} 空闲` },
  });
}

export function dataFolderFinding(fault: FolderFault): Finding {
  if (fault === null)
    return finding('data-folder', {
      level: 'ok',
      what: { en: 'it can be used', zh: '可以使用' },
    });
  const { path } = fault;
  if (fault.is === 'no-key')
    return finding('data-folder', {
      level: 'bad',
      what: {
        en: `${path} is missing or holds no key, and the data beside it cannot be read without it.`,
        zh: `${path} 缺失或内容不是密钥，没有它就无法读取旁边的数据。`,
      },
      todo: {
        en: 'Restore it from your backup, or give the key in ZHONGKONG_MASTER_KEY.',
        zh: '请从备份恢复，或在 ZHONGKONG_MASTER_KEY 中提供该密钥。',
      },
    });
  if (fault.is === 'in-use')
    return finding('data-folder', {
      level: 'bad',
      what: {
        en: `${path} is in use by another Zhongkong server (process ${fault.pid}).`,
        zh: `${path} 正被另一个 Zhongkong 服务器使用（进程 ${fault.pid}）。`,
      },
      todo: {
        en: 'Ask that one (zhongkong doctor --url with its address), or stop it if it does not answer.',
        zh: '请直接检查它（zhongkong doctor --url 加上它的地址）；如果它没有响应，请停止该进程。',
      },
    });
  return finding('data-folder', {
    level: 'bad',
    what: {
      en: `${path} cannot be used (${fault.code}).`,
      zh: `${path} 无法使用（${fault.code}）。`,
    },
  });
}
