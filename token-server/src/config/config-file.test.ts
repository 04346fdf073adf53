import { describe, expect, it } from '@jest/globals';
import { parseConfigFile } from './config-file.js';

const faultsIn = (text: string) =>
  parseConfigFile(text, 'a.json').faults.map(({ key, place, message }) => `${key} (${place}): ${message}`);

describe('a configuration file', () => {
  it('may begin with the byte order mark that some editors write', () => {
    expect(faultsIn('\uFEFF{\n  "apps": 1 }')).toEqual([
      'apps (a.json, line 2): must be a list',
      'clients (a.json, line 1): is missing; give a list',
    ]);
  });

  it('may hold comments and trailing commas', () => {
    const file = parseConfigFile(
      '{ // apps\n "apps": [{ "appId": "wx1", "secret": "s", },], "clients": [] }',
      'a',
    );
    expect(file.apps).toEqual([{ appId: 'wx1', secret: 's', mode: 'stable' }]);
  });

  it('reports each fault once, with the line of its value', () => {
    const text = `{
  "apps": [
    { "appId": "wx1", "policy": { "sweep": 0, "sweeep": 1 } },
    7
  ],
  "clients": [{ "name": "a", "scopes": ["all"] }],
  "policy": { "refreshLead": "900" },
  "polcy": {}
}`;
    expect(faultsIn(text)).toEqual([
      'polcy (a.json, line 8): is not known; allowed are $schema, apps, clients, policy, alerts, logLevel',
      'apps[0].policy.sweep (a.json, line 3): must be at least 1',
      expect.stringMatching(
        /^apps\[0\]\.policy\.sweeep \(a\.json, line 3\): is not known; allowed are refreshLead, /,
      ),
      'apps[1] (a.json, line 4): must be an object',
      'clients[0].apps (a.json, line 6): is missing; give a list',
      expect.stringMatching(/^clients\[0\]\.scopes\[0\] \(a\.json, line 6\): must be one of "token:read", /),
      'policy.refreshLead (a.json, line 7): must be a number',
    ]);
  });

  it.each([
    ['', 'the file (a.json, line 1): is not valid JSON: it is empty'],
    ['{\n  "apps": [\n', 'the file (a.json, line 3): is not valid JSON: CloseBracketExpected'],
  ])('is reported when it is no JSON: %j', (text, fault) => {
    expect(faultsIn(text)).toEqual([fault]);
  });
});
