import { describe, expect, it } from '@jest/globals';
import { alertSchema } from './config-file-schema.js';
import { resolveAlert } from './resolve-alert.js';

const sources = { environment: { ROBOT: 'https://robot.example/?key=the-robot-key' }, folder: '/' };

function resolve(entry: object) {
  const faults: string[] = [];
  const target = resolveAlert(alertSchema.parse(entry), sources, (path, message) =>
    faults.push(`${path.join('.')} ${message}`),
  );
  return { target, faults };
}

describe('a target of alerts', () => {
  it('has its URL and its secret from wherever they are given', () => {
    const { target } = resolve({ type: 'feishu', urlEnv: 'ROBOT', secret: ' s ' });
    expect([target?.url, target?.secret, target?.language]).toEqual([sources.environment.ROBOT, 's', 'zh']);
  });

  it.each([
    [{ type: 'wecom' }, 'url give exactly one of url, urlFile, urlEnv'],
    [{ type: 'wecom', urlEnv: 'ROBOT', url: 'x' }, 'url give exactly one of url, urlFile, urlEnv'],
    [{ type: 'wecom', urlEnv: 'ROBOT', secret: 's' }, 'secret is not used by robots of WeCom'],
    [{ type: 'webhook', urlEnv: 'ROBOT' }, 'secret give exactly one of secret, secretFile, secretEnv'],
    [{ type: 'dingtalk', url: 'ftp://the-robot-key' }, 'url must be a URL that begins with https://'],
  ])('is refused, and its URL is not repeated: %j', (entry, fault) => {
    const { faults } = resolve(entry);
    expect(faults).toEqual([expect.stringContaining(fault)]);
    expect(faults.join()).not.toContain('the-robot-key');
  });
});
