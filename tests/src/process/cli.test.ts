import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Sandbox } from '@zhongkong/sandbox';
import { cleanUp } from '../helpers/clean-up.js';
import { runCli } from '../helpers/cli.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { COMMAND } from '../helpers/server-process.js';
import { CLIENTS, startServer } from '../helpers/test-server.js';

const ADMIN = 'the-key-of-the-operator';
const clients = [
  ...CLIENTS,
  { name: 'operator', key: ADMIN, apps: ['*'], scopes: ['token:read', 'token:refresh', 'admin'] },
];

let platform: Sandbox;
let environment: Record<string, string>;
beforeAll(async () => {
  platform = await startPlatform();
  const { url } = await startServer({ platform: platform.url, config: { clients } });
  await readToken(url);
  environment = { PATH: process.env.PATH ?? '', ZHONGKONG_URL: url, ZHONGKONG_API_KEY: ADMIN };
});

/** Runs a script in which `zhongkong` is the command. @returns its standard output */
function runShell(shell: 'bash' | 'zsh', script: string): Promise<string> {
  const flags = shell === 'bash' ? ['--norc', '--noprofile'] : ['-f'];
  const text = `zhongkong() { '${process.execPath}' '${COMMAND}' "$@"; }\n${script}`;
  return new Promise((resolve, reject) => {
    execFile(shell, [...flags, '-c', text], { env: environment }, (error, stdout, stderr) =>
      error === null && stderr === '' ? resolve(stdout) : reject(new Error(`${error?.message} ${stderr}`)),
    );
  });
}

describe('zhongkong in a shell', () => {
  it('takes server and key from the environment, fits into $(…), and ends quietly when its reader does', async () => {
    const script = `
      set -o pipefail
      echo "token $(zhongkong token get ${APP.appId})"
      zhongkong apps list --json | true
      echo "code $?"`;
    const { accessToken } = await readToken(environment.ZHONGKONG_URL ?? '');
    expect(await runShell('bash', script)).toBe(`token ${accessToken}\ncode 0\n`);
  });

  it('history --follow shows each entry as it comes, one JSON object a line, and ends at once with Ctrl-C: 130', async () => {
    const url = environment.ZHONGKONG_URL ?? '';
    const args = [COMMAND, 'history', APP.appId, '--follow', '--json'];
    const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    cleanUp(() => child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value ?? '');
    expect(await next()).toMatchObject({ what: 'refresh', reason: 'bootstrap' });
    const { version } = await readToken(url);
    platform.control.revoke({ appId: APP.appId });
    await reportToken(url, { staleVersion: version, errcode: 40001 });
    expect(await next()).toMatchObject({ what: 'refresh', reason: 'passive' });
    expect(await next()).toMatchObject({ what: 'report', client: 'order-service', errcode: 40001 });
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  });
});

/** What a shell offers for the last word of each line. */
const LINES: readonly [line: string, offered: string][] = [
  ['zhongkong ap', 'apps'],
  ['zhongkong apps s', 'set show'],
  ['zhongkong --url http://x apps li', 'list'],
  ['zhongkong apps list --ph', '--phase'],
  ['zhongkong apps list --phase d', 'dead due'],
  ['zhongkong token rotate --f', '--force'],
  ['zhongkong serve --u', ''],
  ['zhongkong completion z', 'zsh'],
  ['zhongkong token get wx0', APP.appId],
  ['zhongkong history wxf', OTHER_APP.appId],
  ['zhongkong history wx0123456789abcdef w', ''],
];

const scriptOf = async (shell: string) => (await runCli(['completion', shell])).stdout;

describe('completion', () => {
  it('of bash offers commands, options, their values, and apps of the server', async () => {
    const script = `
      ${await scriptOf('bash')}
      offer() {
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
        _zhongkong
        echo $(printf '%s\\n' "\${COMPREPLY[@]}" | sort)
      }
      ${LINES.map(([line]) => `offer ${line}`).join('\n')}
      complete -p zhongkong`;
    const offered = (await runShell('bash', script)).replace(/\n$/, '').split('\n');
    expect(offered).toEqual([...LINES.map(([, words]) => words), 'complete -F _zhongkong zhongkong']);
  });

  const hasZsh = (() => {
    try {
      execFileSync('zsh', ['--version']);
      return true;
    } catch {
      return false;
    }
  })();
  (hasZsh ? it : it.skip)('of zsh offers the same', async () => {
    // The functions of zsh's own completion take words only while a line is edited: here they print them.
    const script = `
      compdef() { print "compdef $*"; }
      compadd() { shift; print -l -- "$@"; }
      _describe() { print -l -- "\${(@)\${(@P)@[-1]}%%:*}"; }
      _files() { :; }
      ${await scriptOf('zsh')}
      offer() {
        words=("$@"); CURRENT=$#
        print -r -- $(_zhongkong | grep -- "^$@[-1]" | sort)
      }
      ${LINES.map(([line]) => `offer ${line}`).join('\n')}`;
    const offered = (await runShell('zsh', script)).replace(/\n$/, '').split('\n');
    expect(offered).toEqual(['compdef _zhongkong zhongkong', ...LINES.map(([, words]) => words)]);
  });
});
