import { FAULT_TABLE, type FaultKind, type Hint } from './fault-table.js';

/** What an errcode of a token endpoint means. `40001` is a wrong secret there, never a dead token. An unknown
 * code counts as transient: it is asked again, with growing distance. */
export function classifyIssueFault(errcode: number): FaultKind {
  return FAULT_TABLE[errcode]?.onIssue ?? 'transient';
}

/** What an errcode of any other API means. An unknown code is the caller's own business. */
export function classifyCallFault(errcode: number): FaultKind {
  return FAULT_TABLE[errcode]?.onCall ?? 'rejected';
}

/** Whether an API call's errcode says that the access token is dead (40001, 40014, 42001). */
export function isDeadTokenFault(errcode: number): boolean {
  return classifyCallFault(errcode) === 'dead-token';
}

/** What an operator can do about a fault of a token endpoint, with the address that WeChat saw, if it says so. */
export function hintFor(errcode: number, errmsg: string): Hint | undefined {
  const hint = FAULT_TABLE[errcode]?.hint;
  const address = callerAddressIn(errmsg);
  if (hint === undefined || address === undefined) return hint;
  return { en: `${hint.en} Address: ${address}`, zh: `${hint.zh} IP：${address}` };
}

/** The caller's address, as WeChat saw it, out of `invalid ip 1.2.3.4 ipv6 …` (40164) or `requestIP: 1.2.3.4` (61004). */
export function callerAddressIn(errmsg: string): string | undefined {
  return /(?:invalid ip|requestIP:)\s*([0-9a-f.:]+)/i.exec(errmsg)?.[1];
}
