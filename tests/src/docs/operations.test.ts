import { describe, expect, it } from '@jest/globals';
import { eventually } from '../helpers/eventually.js';
import { readDoc } from '../helpers/examples.js';
import { APP, startPlatform } from '../helpers/fixtures.js';
import { ENTRY_PORT, type Machine, startMachines } from '../helpers/machine.js';
import { findTool } from '../helpers/tools.js';

/** Only Linux answers at every address of 127.0.0.0/8. */
const isPossible = process.platform === 'linux' && findTool('nginx') !== undefined;
const itOnMachines = isPossible ? it : it.skip;

type Where = 'variables' | 'each' | 'first' | 'entry' | 'token';

/** The blocks of a page that are pasted, in their order. */
function blocksOf(page: string): { where: Where; code: string }[] {
  return [...readDoc(page).matchAll(/<!-- paste: (\w+) -->\n```sh\n([\s\S]*?)\n```/g)].map(
    ([, where, code = '']) => ({ where: where as Where, code }),
  );
}

/** Addresses that no other run uses at the same time. */
function addresses(): { A: string; B: string; C: string; ENTRY: string } {
  const net = `127.${100 + (process.pid % 100)}.${(process.pid >> 8) % 250}`;
  return { A: `${net}.11`, B: `${net}.12`, C: `${net}.13`, ENTRY: `${net}.10` };
}

describe('docs/operations.md', () => {
  it('has the same blocks in both languages', () => {
    const bare = (page: string) =>
      blocksOf(page).map(({ where, code }) => [
        where,
        code
          .replaceAll(/(^|\s)#.*$/gm, '')
          .replaceAll(/the key of order-service|order-service 的密钥/g, 'KEY'),
      ]);
    expect(bare('docs/operations.zh-CN.md')).toEqual(bare('docs/operations.md'));
  });

  itOnMachines(
    'leads, pasted, to three servers that give a token through nginx, and go on when the master is killed',
    async () => {
      const platform = await startPlatform();
      const where = addresses();
      const [a, b, c, entry] = (await startMachines(Object.values(where), {
        WECHAT_API_BASE_URL: platform.url,
      })) as [Machine, Machine, Machine, Machine];
      const variables = Object.entries(where)
        .map(([name, value]) => `${name}=${value}`)
        .join(' ');
      let key = '';
      const adapted = (code: string) =>
        code
          .replace('THE-APPSECRET', APP.secret)
          .replace('the key of order-service', key)
          .replace('down-after-milliseconds zhongkong 5000', 'down-after-milliseconds zhongkong 1000')
          .replace(':443:$ENTRY', `:443:$ENTRY:${ENTRY_PORT}`)
          .replace('--resolve', '--connect-to')
          .replaceAll('sleep 1', 'sleep 0.1')
          .replace(
            'nginx -t',
            `sed -i 's/listen 443/listen '$ENTRY:${ENTRY_PORT}/ /etc/nginx/conf.d/*.conf\nnginx -t`,
          );
      const paste = (machine: Machine, code: string) =>
        machine.paste(`${variables}\nME=${machine.address}\n${adapted(code)}`);

      const blocks = blocksOf('docs/operations.md');
      const tokenBlock = blocks.find((block) => block.where === 'token')?.code ?? '';
      const readToken = async () => JSON.parse(await paste(entry, tokenBlock));
      // What a master is needed for: a dead token is reported, and replaced.
      const healsWithoutMaster = async () => {
        const { version } = await readToken();
        platform.control.revoke({ appId: APP.appId });
        const body = JSON.stringify({ staleVersion: version, errcode: 40001 });
        const report = tokenBlock
          .replace('access-token', 'access-token/refresh')
          .replace('curl -fsS', `curl -sS -H 'Content-Type: application/json' -d '${body}'`);
        await eventually('a new token from the new master', async () => {
          const answer = JSON.parse(await paste(entry, report));
          return answer.version > version;
        });
        expect(platform.control.counters(APP.appId).tokensIssued.stable).toBe(2);
      };
      for (const { where: place, code } of blocks) {
        if (place === 'first') {
          const printed = await paste(a, code);
          key = /zk_[\w-]+/.exec(printed)?.[0] ?? key;
        }
        // Machine by machine, but for what waits until all three run.
        if (place === 'each') await Promise.all([a, b, c].map((machine) => paste(machine, code)));
        if (place === 'entry') await paste(entry, code);
        if (place === 'token') expect(await readToken()).toMatchObject({ appId: APP.appId });
        if (code.includes('systemctl stop redis-server')) await healsWithoutMaster();
      }
      expect(await readToken()).toMatchObject({ appId: APP.appId });
    },
    60_000,
  );
});
