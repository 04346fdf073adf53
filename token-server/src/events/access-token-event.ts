import type { CredentialRecord } from '@zhongkong/jobs';
import { eventIdOf } from '@zhongkong/shared/contract';
import { accessTokenAnswer } from '../http/access-token-answer.js';

/** A token as one Server-Sent Event; its data is the body that a read gets at this moment. */
export function accessTokenEvent(appId: string, record: CredentialRecord, nowMs: number): string {
  const data = JSON.stringify(accessTokenAnswer(appId, record, nowMs));
  return `event: access-token\nid: ${eventIdOf(appId, record.version)}\ndata: ${data}\n\n`;
}

/** A comment: clients pass it over, proxies see that the connection lives. */
export const HEARTBEAT = ':\n\n';
