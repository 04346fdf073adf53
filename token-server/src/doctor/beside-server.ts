import type { ReadinessAnswer } from '@zhongkong/shared/contract';
import { describeFault } from '../config/config-error.js';
import type { EnvironmentInput } from '../config/environment.js';
import { type Finding, finding } from './finding.js';
import { readConfiguration } from './machine-facts.js';
import { configurationFinding } from './machine-findings.js';

/** How a server answers; `null`: it takes connections and does not answer. */
export function serverFinding(url: string, status: ReadinessAnswer['status'] | null): Finding {
  const words = {
    ready: { en: 'is ready', zh: '已就绪' },
    not_ready: { en: 'is not ready', zh: '未就绪' },
    stopping: { en: 'is stopping', zh: '正在停止' },
  };
  if (status === null)
    return finding('server', {
      level: 'bad',
      what: {
        en: `The server at ${url} takes connections and does not answer; what follows was looked at without it.`,
        zh: `${url} 的服务器接受连接但没有应答；以下为不经过它的检查结果。`,
      },
    });
  const { en, zh } = words[status];
  return status === 'ready'
    ? finding('server', { level: 'ok', what: { en: `${url} ${en}`, zh: `${url} ${zh}` } })
    : finding('server', {
        level: 'bad',
        what: { en: `The server at ${url} ${en}.`, zh: `${url} 的服务器${zh}。` },
      });
}

/**
 * The configuration file as it lies there now, which the running server may not have read yet. What depends on the
 * environment of the server, or on the rights of its user, cannot be judged from here and is left out.
 * @returns undefined when there is no file here
 */
export function fileBesideServer(environment: EnvironmentInput, workingFolder: string): Finding | undefined {
  const { mode, facts, faults } = readConfiguration(environment, workingFolder);
  if (mode?.is === 'demo') return undefined;
  if (mode !== null) return configurationFinding({ ...facts, warnings: [] });
  const ofFile = faults.filter(
    ({ key, place, message }) =>
      place !== 'environment' &&
      key !== 'ZHONGKONG_CONFIG' &&
      !key.endsWith('Env') &&
      !/\(EACCES\)/.test(message),
  );
  if (ofFile.length === 0) return undefined;
  return configurationFinding({ faults: ofFile.map(describeFault), warnings: [], file: null });
}
