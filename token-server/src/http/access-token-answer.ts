import type { CredentialRecord } from '@zhongkong/jobs';
import { refreshInSeconds, secondsLeft } from '@zhongkong/shared';
import type { AccessTokenAnswer } from '@zhongkong/shared/contract';

/** A record as clients get it; lives are counted from now, so that a wrong clock at the client does no harm. */
export function accessTokenAnswer(appId: string, record: CredentialRecord, nowMs: number): AccessTokenAnswer {
  return {
    appId,
    accessToken: record.value,
    expiresIn: secondsLeft(record, nowMs),
    expiresAt: new Date(record.expiresAtMs).toISOString(),
    version: record.version,
    refreshIn: refreshInSeconds(record, nowMs),
  };
}
