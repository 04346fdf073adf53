import { fingerprint } from '@zhongkong/shared';
import type { AccessTokenAnswer, RefreshAnswer } from '@zhongkong/shared/contract';
import type { Command } from 'commander';
import type { ManualRefreshAnswer } from '../api-types.js';
import { CliError } from '../cli-error.js';
import type { Answer } from '../connect/api.js';
import { confirm } from '../input/ask.js';
import type { Io } from '../io.js';
import { connect } from '../lazy-connect.js';

export interface RotateOptions {
  readonly force?: boolean;
  readonly yes?: boolean;
}

const pathOf = (appId: string) => `/v1/apps/${encodeURIComponent(appId)}/access-token`;

export async function getToken(io: Io, command: Command, appId: string): Promise<void> {
  const { api, out } = await connect(command, io);
  const { body, text } = await api.call<AccessTokenAnswer>('GET', pathOf(appId));
  if (out.json) out.document(text);
  else out.line(body.accessToken);
}

export async function refreshToken(io: Io, command: Command, appId: string): Promise<void> {
  const { api, out } = await connect(command, io);
  const current = await api.call<AccessTokenAnswer>('GET', pathOf(appId));
  const answer = await api.call<RefreshAnswer>('POST', `${pathOf(appId)}/refresh`, {
    body: { staleVersion: current.body.version },
  });
  if (out.json) out.document(answer.text);
  else out.line(describeReport(answer));
}

/** What a report led to, for people. */
export function describeReport({
  body,
  retryAfterSeconds,
}: Pick<Answer<RefreshAnswer>, 'body' | 'retryAfterSeconds'>): string {
  const now = `version ${body.version} (fingerprint ${fingerprint(body.accessToken)}), ${body.expiresIn} s left`;
  if (body.refreshed) return `The token was dead. A new one was fetched: ${now}.`;
  switch (body.reason) {
    case 'token_still_valid':
      return `The token is alive, so nothing was fetched: ${now}.`;
    case 'superseded':
      return `The token had been replaced already: ${now}.`;
    case 'cooldown': {
      const wait = retryAfterSeconds === undefined ? 'soon' : `in ${retryAfterSeconds} s`;
      return `Reports have caused too many fetches just now; the token is checked ${wait}: ${now}.`;
    }
    case 'paused':
      return `The app is paused, so WeChat was not asked: ${now}.`;
    case undefined:
      return `The token was not replaced: ${now}.`;
  }
}

export async function rotateToken(
  io: Io,
  command: Command,
  appId: string,
  { force, yes }: RotateOptions,
): Promise<void> {
  const { api, out } = await connect(command, io);
  if (force) await confirm(io, yes, `The current token of ${appId} dies at once for everybody. Replace it?`);
  const { body, text, retryAfterSeconds } = await api.call<ManualRefreshAnswer>(
    'POST',
    `${pathOf(appId)}/rotate`,
    {
      body: force ? { force } : {},
    },
  );
  if (out.json) out.document(text);
  else if (body.refreshed)
    out.line(`A new token was fetched: version ${body.version}, ${body.expiresIn} s left.`);
  for (const { budget, used, limit, almostUsedUp } of body.budgets)
    if (almostUsedUp) out.note(`${used} of ${limit} of the day's budget "${budget}" are used.`);
  if (!body.refreshed) throw new CliError(whyNotRotated(body, retryAfterSeconds));
}

export function whyNotRotated(
  { reason, version }: Pick<ManualRefreshAnswer, 'reason' | 'version'>,
  retryAfterSeconds: number | undefined,
): string {
  const wait = retryAfterSeconds === undefined ? 'later' : `in ${retryAfterSeconds} s`;
  if (reason === 'cooldown')
    return `No new token was fetched, since the budget or the pause between two does not allow it: try again ${wait}. Version ${version} stays.`;
  return `WeChat gave the same token back, version ${version}: with --force it gives a new one.`;
}
