import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { environmentSchema, ROUTES } from '@zhongkong/token-server/testing';
import { ROOT, readDoc } from '../helpers/examples.js';
import { findTool } from '../helpers/tools.js';

const require = createRequire(import.meta.url);
const systemdAnalyze = findTool('systemd-analyze');
const withSystemd = systemdAnalyze === undefined ? it.skip : it;
const FILES = execFileSync('git', ['ls-files', '-co', '--exclude-standard', 'deploy'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && !path.includes('/grafana/') && existsSync(join(ROOT, path)));
const PATHS = ROUTES.map(({ path }) => path);

describe('zhongkong.service', () => {
  const unit = readDoc('deploy/systemd/zhongkong.service');

  it('starts a file that is there, and gives the server time to end', () => {
    const [, program = ''] = /^ExecStart=\/usr\/bin\/env node (\S+) serve$/m.exec(unit) ?? [];
    expect(existsSync(join(ROOT, program))).toBe(true);
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThanOrEqual(40);
  });

  withSystemd('passes systemd-analyze verify, and is exposed by 1.5 of 10 at most', () => {
    const file = 'deploy/systemd/zhongkong.service';
    const analyze = (args: string[]) =>
      spawnSync(systemdAnalyze ?? '', args, { cwd: ROOT, encoding: 'utf8' });
    const { stdout, stderr } = analyze(['verify', '--man=no', file]);
    expect((stdout + stderr).split('\n').filter((line) => line.includes('zhongkong.service'))).toEqual([]);
    const security = analyze(['security', '--offline=yes', '--no-pager', '--threshold=15', file]);
    expect([security.status, security.stdout]).toEqual([
      0,
      expect.stringContaining('Overall exposure level'),
    ]);
  });
});

describe('ecosystem.config.cjs', () => {
  it('starts a file that is there, each server on a port of its own', () => {
    const { apps } = require(join(ROOT, 'deploy/pm2/ecosystem.config.cjs'));
    expect(apps).toHaveLength(1);
    expect(existsSync(apps[0].script)).toBe(true);
    expect(apps[0]).toMatchObject({ exec_mode: 'fork', increment_var: 'PORT', env: { PORT: 7200 } });
  });
});

describe('every file of deploy/', () => {
  /** Variables in the form in which each kind of file sets them. */
  const FORMS = [
    /^Environment=([A-Z][A-Z0-9_]+)=/gm,
    /^ {6}([A-Z][A-Z0-9_]+(?<!__FILE)): /gm,
    /^ +- name: ([A-Z][A-Z0-9_]+)$/gm,
    /^ENV (.*)$/gm,
    /^ {8}([A-Z][A-Z0-9_]+): /gm,
    /\b(ZHONGKONG_[A-Z_]+|[A-Z]+_(?:FILE|URL|DELAY|PROXY)|DATA_DIR|KEEP_ALIVE)\b/g,
  ];
  /** Of Node.js, of the images, of the command line, and of Kubernetes. */
  const OTHERS = /^(NODE_ENV|GF_\w+|NODE_IMAGE|ZHONGKONG_API_KEY|ZHONGKONG_URL|ZHONGKONG_PORT)$/;

  it.each(FILES.filter((path) => !path.endsWith('.md')))(
    '%s names only variables that the server reads',
    (path) => {
      const names = FORMS.flatMap((form) => [...readDoc(path).matchAll(form)].map(([, name = '']) => name))
        .flatMap((name) => name.split(' ').map((part) => part.split('=')[0] ?? ''))
        .filter((name) => !OTHERS.test(name) && !name.startsWith('GF_'));
      expect(names.filter((name) => !(name in environmentSchema.shape))).toEqual([]);
    },
  );

  it.each(FILES)('%s names only paths that the server answers', (path) => {
    const named = [
      ...readDoc(path).matchAll(
        /(?<![\w.$}/])\/(?:v1|healthz|readyz|metrics|proxy|cgi-bin|console|docs|openapi\.json)\b[\w/-]*/g,
      ),
    ]
      .map(([found]) => found)
      .filter((found) => !/^\/(proxy|v1|docs)\/?$/.test(found));
    const unknown = named.filter((found) => !PATHS.some((route) => route.startsWith(found)));
    expect(unknown).toEqual([]);
  });
});
