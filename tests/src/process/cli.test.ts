import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Sandbox } from '@zhongkong/sandbox';
import { cleanUp } from '../helpers/clean-up.js';
import { runCli } from '../helpers/cli.js';
import { APP, OTHER_APP, startPlatform } from '../helpers/fixtures.js';
import { readToken, reportToken } from '../helpers/http.js';
import { startRelay } from '../helpers/relay.js';
import { COMMAND, spawnServer } from '../helpers/server-process.js';
import { tempFolder } from '../helpers/temp-folder.js';

/** An app that WeChat knows, and the configuration file does not. */
const NEW = { appId: 'wx00000000000000aa', secret: 'the-secret-of-the-new-app-000001' };

let platform: Sandbox;
let url: string;
let dataDir: string;
/** On the machine of an embedded server: no key is given. */
let environment: Record<string, string>;
beforeAll(async () => {
  platform = await startPlatform({ apps: [APP, OTHER_APP, NEW] });
  dataDir = tempFolder();
  url = await spawnServer({ platform: platform.url, dataDir }).ready;
  await readToken(url);
  environment = { PATH: process.env.PATH ?? '', ZHONGKONG_URL: url, DATA_DIR: dataDir };
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
  it('takes the server from the environment and the key of this machine, fits into $(…), and ends quietly when its reader does', async () => {
    const script = `
      set -o pipefail
      echo "token $(zhongkong token get ${APP.appId})"
      zhongkong apps list --json | true
      echo "code $?"
      ZHONGKONG_API_KEY=wrong-key zhongkong apps list 2>&1 | grep -o 'key came from [A-Z_]*' || true`;
    const { accessToken } = await readToken(url);
    expect(await runShell('bash', script)).toBe(
      `token ${accessToken}\ncode 0\nkey came from ZHONGKONG_API_KEY\n`,
    );
  });

  it('history --follow shows each entry as it comes, also those of a time without an answer, and ends at once with Ctrl-C: 130', async () => {
    const relay = await startRelay(url);
    const args = [COMMAND, 'history', APP.appId, '--follow', '--json', '--url', relay.url];
    const child = spawn(process.execPath, args, { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    cleanUp(() => child.kill('SIGKILL'));
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const next = async () => JSON.parse((await lines.next()).value ?? '');
    expect(await next()).toMatchObject({ what: 'refresh', reason: 'bootstrap' });
    relay.intercept = (_request, response) => {
      response.destroy();
      return true;
    };
    const [remark] = await once(child.stderr, 'data');
    expect(String(remark)).toMatch(/^zhongkong: .* It is tried again until Ctrl-C\.\n$/);
    const { version } = await readToken(url);
    platform.control.revoke({ appId: APP.appId });
    await reportToken(url, { staleVersion: version, errcode: 40001 });
    relay.intercept = () => undefined;
    expect(await next()).toMatchObject({ what: 'refresh', reason: 'passive' });
    expect(await next()).toMatchObject({ what: 'report', client: 'order-service', errcode: 40001 });
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    expect(await ended).toEqual([130, null]);
  });
});

describe('zhongkong apps add on a terminal', () => {
  it('asks for the secret, which is never seen there, and ends at once with Ctrl-C', async () => {
    const command = `'${process.execPath}' '${COMMAND}' apps add ${NEW.appId}`;
    const onTerminal = async (typed: string) => {
      const terminal = spawn('script', ['-qec', command, '/dev/null'], {
        env: { ...environment, LANG: 'C.UTF-8' },
      });
      cleanUp(() => terminal.kill('SIGKILL'));
      let output = '';
      terminal.stdout.on('data', (chunk: Buffer) => {
        output += chunk;
        if (output.endsWith('(not shown): ')) terminal.stdin.write(typed);
      });
      const [code] = await once(terminal, 'close');
      return { code, output };
    };
    expect(await onTerminal(`${NEW.secret.slice(0, 9)}\u0003`)).toEqual({
      code: 130,
      output: expect.not.stringContaining(NEW.secret.slice(0, 9)),
    });
    const added = await onTerminal(`${NEW.secret}\r`);
    expect(added).toEqual({ code: 0, output: expect.stringContaining(`The app ${NEW.appId} was added.`) });
    expect(added.output).not.toContain(NEW.secret);
  });
});

describe('zhongkong reload', () => {
  const file = () => join(dataDir, 'zhongkong.config.json');
  const reload = (args: string[] = []) => runCli(['reload', '--url', url, ...args], { environment });

  it('says what changed in the file, and lists every fault of one that is wrong, of which nothing is taken', async () => {
    const config = JSON.parse(readFileSync(file(), 'utf8'));
    expect(await reload()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing in it has changed'),
    });
    const client = { name: 'billing', key: 'the-key-of-the-billing', apps: ['*'] };
    writeFileSync(file(), JSON.stringify({ ...config, apps: [APP], clients: [...config.clients, client] }));
    expect(await reload()).toEqual({
      code: 0,
      stdout: `apps removed: ${OTHER_APP.appId}\nclients added: billing\n`,
      stderr: '',
    });
    writeFileSync(file(), JSON.stringify({ apps: [{ appId: 'wx' }], clients: 3 }));
    const refused = await reload();
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^zhongkong: /);
    expect(refused.stderr.match(/^ {2}- (clients|apps\[0\]\.secret) /gm)).toHaveLength(2);
    expect(refused.stderr).not.toContain('nothing was started');
    expect(JSON.parse((await reload(['--json'])).stdout)).toMatchObject({ code: 'invalid_configuration' });
    writeFileSync(file(), JSON.stringify(config));
    expect(await reload()).toMatchObject({ code: 0, stdout: expect.stringContaining('apps added') });
  });

  it('changes the log level without a restart, and says so', async () => {
    const config = JSON.parse(readFileSync(file(), 'utf8'));
    writeFileSync(file(), JSON.stringify({ ...config, logLevel: 'loud' }));
    expect((await reload()).stderr).toMatch(/- logLevel \(.*line \d+\): must be one of "trace", "debug"/);
    writeFileSync(file(), JSON.stringify({ ...config, logLevel: 'debug' }));
    expect((await reload()).stdout).toBe('log level: debug\n');
    writeFileSync(file(), JSON.stringify(config));
    expect((await reload()).stdout).toBe('log level: info\n');
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
  ['zhongkong token get wx01', APP.appId],
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
