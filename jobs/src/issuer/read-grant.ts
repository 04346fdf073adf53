import { classifyIssueFault, type FaultKind } from '@zhongkong/shared';
import type { IssueOutcome } from './credential-source.js';
import type { UpstreamAnswer } from './upstream.js';

/** A token is at most 512 characters today; four times that is room enough, and a bound all the same. */
const VALUE_LENGTH_MAX = 2_048;
const LIFE_SECONDS_MAX = 31 * 86_400;
/** The platform's own are shorter; the rest of a longer one helps nobody. */
const ERRMSG_LENGTH_MAX = 300;

export interface GrantReading {
  /** The field of the answer that holds the credential. */
  readonly field: 'access_token' | 'ticket';
  readonly requestedAtMs: number;
  /** What must not be readable in what is kept of the answer. */
  readonly secrets: readonly string[];
  /** @defaultValue what an errcode means on a token endpoint */
  readonly classify?: (errcode: number) => FaultKind;
}

/** What an answer of an endpoint that issues something comes to. */
export function readGrant(answer: UpstreamAnswer, reading: GrantReading): IssueOutcome {
  const { field, requestedAtMs, secrets, classify = classifyIssueFault } = reading;
  switch (answer.is) {
    case 'success':
      return grantOf(answer.body, field, requestedAtMs);
    case 'fault': {
      const { errcode } = answer.fault;
      const errmsg = scrub(answer.fault.errmsg, secrets);
      return { failure: { kind: classify(errcode), errcode, errmsg, mayHaveIssued: false } };
    }
    case 'no-answer':
      return { failure: { kind: 'transient', errmsg: answer.detail, mayHaveIssued: answer.delivered } };
  }
}

function grantOf(body: unknown, field: GrantReading['field'], requestedAtMs: number): IssueOutcome {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const value = fields[field];
  const seconds = Number(fields.expires_in ?? Number.NaN);
  const valid =
    typeof value === 'string' &&
    /^[\x21-\x7e]+$/.test(value) &&
    value.length <= VALUE_LENGTH_MAX &&
    seconds > 0 &&
    seconds <= LIFE_SECONDS_MAX;
  if (!valid) {
    const errmsg = `its answer holds no usable ${field} and expires_in`;
    return { failure: { kind: 'transient', errmsg, mayHaveIssued: true } };
  }
  return { grant: { value, expiresInMs: seconds * 1_000, requestedAtMs } };
}

/** Platforms and the proxies in front of them at times repeat what they were sent. */
function scrub(errmsg: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, '***'), errmsg).slice(0, ERRMSG_LENGTH_MAX);
}
