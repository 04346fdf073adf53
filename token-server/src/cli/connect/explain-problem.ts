import { oneLine } from '../output/one-line.js';
import type { Incoming } from './send.js';

/** What an error answer of the server says; of any other program, at most some of it. */
interface ProblemBody {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errcode?: number;
  readonly errmsg?: string;
}

export interface ProblemPlace {
  /** The server's address, for messages. */
  readonly at: string;
  /** Where the client key came from. */
  readonly keySource: string;
}

/** What to do next, by code; the server's own detail says what is wrong. */
const NEXT_STEP: Readonly<Record<string, (place: ProblemPlace) => string>> = {
  unauthorized: ({ at, keySource }) =>
    `The key came from ${keySource}: give one of the server at ${at}, with --key or ZHONGKONG_API_KEY.`,
  forbidden: ({ keySource }) =>
    `The key came from ${keySource}: use one that may do this, or let an admin change it with zhongkong clients set.`,
  unknown_app: () => 'zhongkong apps list shows the apps.',
  store_unavailable: () => 'zhongkong status and zhongkong doctor say what is wrong with Redis.',
  internal: () => "The server's log has the cause.",
  rate_limited: () => 'Nothing was done.',
};

/** Out of an error answer: what is wrong, and the next step. One line, unless the server lists several faults. */
export function explainProblem({ status, headers, text }: Incoming, place: ProblemPlace): string {
  const problem = parseProblem(text);
  if (problem?.code === undefined) return explainForeign(status, headers.location, place.at);
  const { code, title = '', detail = title, errcode, errmsg } = problem;
  const answer =
    errcode === undefined ? '' : `WeChat answered ${errcode}${errmsg ? ` ${oneLine(errmsg)}` : ''}.`;
  const said = answer !== '' && !detail.includes(String(errcode)) ? `${detail} ${answer}` : detail;
  const wait = headers['retry-after'];
  const retry = wait === undefined ? '' : `Try again in ${wait} s.`;
  return [said, NEXT_STEP[code]?.(place) ?? '', retry].filter(Boolean).join(' ');
}

function explainForeign(status: number, location: string | undefined, at: string): string {
  if (location !== undefined)
    return `${at} redirects to ${location}: give the address of the server itself with --url or ZHONGKONG_URL.`;
  return status === 502 || status === 504
    ? `What stands before the server at ${at} cannot reach it (HTTP ${status}): see that the server runs.`
    : `What answers at ${at} is not a Zhongkong server (HTTP ${status}): correct --url or ZHONGKONG_URL.`;
}

function parseProblem(text: string): ProblemBody | undefined {
  try {
    const body = JSON.parse(text) as unknown;
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
