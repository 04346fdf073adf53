import { describe, expect, it } from '@jest/globals';
import { guide } from './guide.js';

const facts = {
  serverUrl: 'http://127.0.0.1:7200',
  networkUrls: ['http://10.1.2.3:7200'],
  sandboxUrl: 'http://127.0.0.1:7201',
  appId: 'wx1',
  apiKey: 'demo-key',
  adminKey: 'zk_admin',
  folder: '/home/me/zhongkong',
};

describe('the text of the demo', () => {
  it('has a command for each way to use the server, each on one line', () => {
    const commands = guide(facts)
      .split('\n')
      .filter((line) => /^(curl|cd) /.test(line));
    expect(commands).toHaveLength(5);
    expect(commands[0]).toBe(
      "curl -sw '\\n' -H 'Authorization: Bearer demo-key' http://127.0.0.1:7200/v1/apps/wx1/access-token",
    );
  });

  it('leads to the console, with the key to sign in', () => {
    expect(guide(facts)).toMatch(/^ {2}console +http:\/\/127\.0\.0\.1:7200\/console .*zk_admin\)$/m);
  });

  it('quotes a folder with spaces and quotes for the shell', () => {
    expect(guide({ ...facts, folder: "/home/me/a 中控's clone" })).toContain(
      "cd '/home/me/a 中控'\\''s clone' && node",
    );
  });

  it('names the addresses for other machines when it listens on all networks', () => {
    expect(guide(facts)).toContain('http://10.1.2.3:7200   (from other machines · 供其他机器访问)');
  });
});
