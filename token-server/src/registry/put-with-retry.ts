import type { RegistryEntry, RegistryStore, RegistryTable } from '@zhongkong/jobs';
import { HttpProblem } from '../http/problem.js';

/** Somebody else may change the same entry at the same moment; more often than this in a row, something is wrong. */
const TRIES_MAX = 5;

/**
 * Reads an entry, changes it, and stores it if nobody else has changed it meanwhile; otherwise does so again.
 * @param change from what is stored to what is to be stored; undefined: nothing
 * @throws HttpProblem `conflict`, CodedError `store_unavailable`, and what `change` throws
 */
export async function putWithRetry(
  store: RegistryStore,
  table: RegistryTable,
  id: string,
  change: (current: RegistryEntry | undefined) => Promise<object | undefined>,
): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const current = await store.read(table, id);
    const next = await change(current);
    if ((await store.put(table, id, current, next)) !== null) return;
  }
  const detail = {
    en: 'Others change the same at this moment. Try again.',
    zh: '有其他人正在修改同一项，请重试。',
  };
  throw new HttpProblem(detail, { code: 'conflict' });
}
