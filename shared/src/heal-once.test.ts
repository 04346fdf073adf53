import { describe, expect, it } from '@jest/globals';
import { type HealOnceSteps, healOnce } from './heal-once.js';

const DEAD = 40001;

function scripted(
  answers: readonly (number | undefined)[],
  steps: Partial<HealOnceSteps<number | undefined>> = {},
) {
  const did: string[] = [];
  const left = [...answers];
  const answer = healOnce<number | undefined>('token-1', {
    async send(accessToken) {
      did.push(`send ${accessToken}`);
      return left.shift();
    },
    deadTokenErrcode: (errcode) => (errcode === DEAD ? errcode : undefined),
    async report(accessToken, errcode) {
      did.push(`report ${accessToken} ${errcode}`);
      return 'token-2';
    },
    ...steps,
  });
  return { did, answer };
}

describe('healing a call', () => {
  it('costs nothing when the token lives', async () => {
    const { did, answer } = scripted([undefined]);
    expect(await answer).toBeUndefined();
    expect(did).toEqual(['send token-1']);
  });

  it('reports a dead token once and repeats once, even if the second answer says dead again', async () => {
    const { did, answer } = scripted([DEAD, DEAD]);
    expect(await answer).toBe(DEAD);
    expect(did).toEqual(['send token-1', `report token-1 ${DEAD}`, 'send token-2']);
  });

  it('leaves the answer as it is when the report brings no token', async () => {
    const { did, answer } = scripted([DEAD], { report: async () => undefined });
    expect(await answer).toBe(DEAD);
    expect(did).toEqual(['send token-1']);
  });

  it('reports, but does not repeat what cannot be sent twice', async () => {
    const { did, answer } = scripted([DEAD], { canRepeat: () => false });
    expect(await answer).toBe(DEAD);
    expect(did).toEqual(['send token-1', `report token-1 ${DEAD}`]);
  });
});
