import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { defaultPolicy } from '@zhongkong/jobs';
import { PROBLEM_CODES } from '@zhongkong/shared';
import {
  alertSchema,
  appSchema,
  BODY_KIB_MAX,
  BUFFER_MAX_BYTES,
  clientSchema,
  configFileSchema,
  DROP_IN_EXPIRES_IN_SECONDS,
  ERROR_LINES_PER_SECOND,
  environmentSchema,
  HANDSHAKE_TIMEOUT_MS,
  HEADERS_KIB_MAX,
  HEADERS_MAX,
  HEADERS_TIMEOUT_MS,
  HEARTBEAT_MS,
  policySchema,
  REQUEST_TIMEOUT_MS,
  STREAMS_MAX,
  STREAMS_PER_CLIENT_MAX,
} from '@zhongkong/token-server/testing';
import { ROOT, readDoc } from '../helpers/examples.js';

/** The first cells of a section's table rows, each split into the names between back-ticks. */
function rowsOf(page: string, heading: string): { names: string[]; fallback: string }[] {
  const section = readDoc(page).split(`${heading}\n`)[1]?.split(/\n#/)[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [, first = '', second = ''] = line.split('|');
      return { names: [...first.matchAll(/`(\w+)`/g)].map(([, name = '']) => name), fallback: second.trim() };
    });
}

const namesOf = (heading: string) => rowsOf('docs/configuration.md', heading).flatMap(({ names }) => names);

describe('docs/errors.md', () => {
  it('has a heading for every code, with its status, and for nothing else', () => {
    const headings = [...readDoc('docs/errors.md').matchAll(/^## `(\w+)` \((\d+)\)$/gm)];
    const documented = headings.map(([, code, status]) => [code, Number(status)]);
    expect(documented).toEqual(Object.entries(PROBLEM_CODES).map(([code, { status }]) => [code, status]));
  });
});

describe('docs/configuration.md', () => {
  it.each([
    ['## Environment', environmentSchema.shape],
    ['### `apps[]`', appSchema.shape],
    ['### `clients[]`', clientSchema.shape],
    ['### `policy`', policySchema.shape],
    ['### `alerts[]`', alertSchema.shape],
  ])('names under %s what the code takes, and nothing else', (heading, shape) => {
    expect(namesOf(heading).sort()).toEqual(Object.keys(shape).sort());
  });

  it('has a part for every key of the file', () => {
    const parts = [...readDoc('docs/configuration.md').matchAll(/^### `(\w+)/gm)].map(([, name]) => name);
    expect(['$schema', ...parts]).toEqual(Object.keys(configFileSchema.shape));
  });

  it('gives the defaults that the code has', () => {
    const environment = environmentSchema.parse({});
    for (const { names, fallback } of rowsOf('docs/configuration.md', '## Environment')) {
      const value = environment[names[0] as keyof typeof environment];
      if (value !== undefined) expect([names[0], fallback]).toEqual([names[0], `\`${value}\``]);
    }
    const [stable, classic] = [defaultPolicy('stable'), defaultPolicy('classic')];
    const seconds = (ms: number) => `\`${ms / 1000}\``;
    const policy = Object.fromEntries(
      rowsOf('docs/configuration.md', '### `policy`').map(({ names, fallback }) => [names[0], fallback]),
    );
    expect(policy).toEqual({
      refreshLead: `${seconds(stable.leadMs)} stable, ${seconds(classic.leadMs)} classic`,
      refreshJitter: seconds(stable.jitterMs),
      passiveBurst: `\`${stable.passiveBurst}\``,
      passiveCooldown: seconds(stable.passiveCooldownMs),
      sweep: seconds(stable.sweepMs),
      upstreamTimeout: seconds(stable.upstreamTimeoutMs),
      dailyBudget: `\`${stable.dailyBudget}\``,
      forceBudget: `\`${stable.forceBudget}\``,
      forceSpacing: seconds(stable.forceSpacingMs),
      dropInExpiresIn: `\`${DROP_IN_EXPIRES_IN_SECONDS}\``,
    });
  });
});

describe('docs/configuration.md, on limits', () => {
  it('gives those that the code has', () => {
    const page = readDoc('docs/configuration.md');
    for (const row of [
      `| address and headers | ${HEADERS_KIB_MAX} KiB together |`,
      `| headers | ${HEADERS_MAX} |`,
      `| body of a request to this server | ${BODY_KIB_MAX} KiB |`,
      `| time for a TLS handshake | ${HANDSHAKE_TIMEOUT_MS / 1000} s |`,
      `or from the beginning of a new connection | ${HEADERS_TIMEOUT_MS / 1000} s |`,
      `| time for a whole request | ${REQUEST_TIMEOUT_MS / 1000} s |`,
      `; ${ERROR_LINES_PER_SECOND} a second at most`,
      `${STREAMS_MAX.toLocaleString('en')} of them may be event streams`,
    ])
      expect(page).toContain(row);
  });
});

describe('docs/events.md', () => {
  it('gives the limits that the code has', () => {
    const page = readDoc('docs/events.md');
    for (const row of [
      `streams of one server | ${STREAMS_MAX} |`,
      `streams of one client key | ${STREAMS_PER_CLIENT_MAX} |`,
      `for one reader | ${BUFFER_MAX_BYTES / 1024} KiB |`,
    ])
      expect(page).toContain(row);
    expect([page.includes('every ten seconds'), HEARTBEAT_MS]).toEqual([true, 10_000]);
  });
});

describe('links between pages', () => {
  const pages = [
    'README.md',
    'README.zh-CN.md',
    'CONTRIBUTING.md',
    'docs/architecture.md',
    'docs/proxy.md',
    'docs/login.md',
    'docs/events.md',
    'docs/failure-modes.md',
    'docs/operations.md',
    'client-sdk/README.md',
    'sandbox/README.md',
  ];
  it.each(pages)('%s points at files that are there', (page) => {
    const targets = [...readDoc(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
    const missing = targets.filter(
      (target) => !existsSync(join(ROOT, normalize(join(dirname(page), target)))),
    );
    expect(missing).toEqual([]);
  });
});
