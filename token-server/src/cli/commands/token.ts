import type { Command } from 'commander';
import type { Io } from '../io.js';
import type { RotateOptions } from './token-actions.js';

const GET_HELP = `
It prints the token and nothing else; --json prints its version and life too.

Examples:
  $ zhongkong token get wx0123456789abcdef
  $ curl "https://api.weixin.qq.com/cgi-bin/getcallbackip?access_token=$(zhongkong token get wx0123456789abcdef)"`;

const REFRESH_HELP = `
It reports the current token as dead, as a client does after errcode 40001. The server checks the token and fetches a
new one only if it is really dead; for a new one in any case, see zhongkong token rotate.

Examples:
  $ zhongkong token refresh wx0123456789abcdef`;

const ROTATE_HELP = `
It costs one fetch of the day's budget. The old token lives on for five minutes, as WeChat promises. In stable mode WeChat
gives the same token back unless --force is given; then the old token dies at once, and 20 of these are allowed a day.

Examples:
  $ zhongkong token rotate wx0123456789abcdef
  $ zhongkong token rotate wx0123456789abcdef --force --yes`;

const actions = () => import('./token-actions.js');

export function registerToken(program: Command, io: Io): void {
  const token = program.command('token').description('read, check and replace access tokens');
  token
    .command('get')
    .description('print the current access token')
    .argument('<appId>', 'the app')
    .addHelpText('after', GET_HELP)
    .action(async (appId: string, _options: object, command: Command) =>
      (await actions()).getToken(io, command, appId),
    );
  token
    .command('refresh')
    .description('report the current token as dead: it is checked, and replaced if need be')
    .argument('<appId>', 'the app')
    .addHelpText('after', REFRESH_HELP)
    .action(async (appId: string, _options: object, command: Command) =>
      (await actions()).refreshToken(io, command, appId),
    );
  token
    .command('rotate')
    .description('fetch a new token')
    .argument('<appId>', 'the app')
    .option('--force', 'in stable mode too: the old token dies at once')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', ROTATE_HELP)
    .action(async (appId: string, options: RotateOptions, command: Command) =>
      (await actions()).rotateToken(io, command, appId, options),
    );
}
