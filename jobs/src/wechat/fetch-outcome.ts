import { classifyIssueFault, type FaultKind, redact } from '@zhongkong/shared';
import type { FetchOutcome } from '../keeper/event.js';
import type { WechatAnswer } from './client.js';

/** A token has at most 512 characters today. */
const VALUE_LENGTH_MAX = 2_048;
const LIFE_SECONDS_MAX = 31 * 86_400;
/** WeChat's own texts are shorter; the rest of a longer one helps nobody. */
const ERRMSG_LENGTH_MAX = 300;

export interface ExpectedAnswer {
  /** The field of the answer that holds the value. */
  readonly field: 'access_token' | 'ticket';
  readonly requestedAtMs: number;
  /** What must not be readable in what is kept of the answer. */
  readonly secrets: readonly string[];
  /** @defaultValue what an errcode means on a token endpoint */
  readonly classify?: (errcode: number) => FaultKind;
}

/** What the answer to a fetch means. */
export function toFetchOutcome(answer: WechatAnswer, expected: ExpectedAnswer): FetchOutcome {
  const { secrets, classify = classifyIssueFault } = expected;
  switch (answer.is) {
    case 'success':
      return fetchedFrom(answer, expected);
    case 'fault': {
      const { errcode } = answer.fault;
      const errmsg = redact(answer.fault.errmsg, secrets).slice(0, ERRMSG_LENGTH_MAX);
      return { failure: { kind: classify(errcode), errcode, errmsg, mayHaveSucceeded: false } };
    }
    case 'no-answer':
      return { failure: { kind: 'transient', errmsg: answer.detail, mayHaveSucceeded: answer.mayBeDone } };
  }
}

function fetchedFrom(
  { body, status }: Extract<WechatAnswer, { is: 'success' }>,
  { field, requestedAtMs }: ExpectedAnswer,
): FetchOutcome {
  const value = body[field];
  const seconds = Number(body.expires_in ?? Number.NaN);
  const isUsable =
    typeof value === 'string' &&
    /^[\x21-\x7e]+$/.test(value) &&
    value.length <= VALUE_LENGTH_MAX &&
    seconds > 0 &&
    seconds <= LIFE_SECONDS_MAX;
  if (isUsable) return { fetched: { value, expiresInMs: seconds * 1_000, requestedAtMs } };
  const errmsg =
    status === 200 ? `its answer holds no usable ${field} and expires_in` : `it answered HTTP ${status}`;
  // The JSON of a gateway that rejected the request shows that WeChat never saw it.
  const mayHaveSucceeded = status < 300 || status >= 500;
  return { failure: { kind: 'transient', errmsg, mayHaveSucceeded } };
}
