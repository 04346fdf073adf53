import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.js';
import { createTakeDown } from './take-down.js';

const never = () => new Promise(() => {});

describe('taking a server down', () => {
  it('undoes the last thing first, and waits for each', async () => {
    const takeDown = createTakeDown(createLogger('silent', () => {}));
    const done: string[] = [];
    takeDown.push('the first', () => done.push('first'));
    takeDown.push('the second', async () => {
      await sleep(20);
      done.push('second');
    });
    await takeDown.run(1_000);
    expect(done).toEqual(['second', 'first']);
  });

  it('goes on when one thing fails, and when the time is over', async () => {
    const takeDown = createTakeDown(createLogger('silent', () => {}));
    const done: string[] = [];
    takeDown.push('the last', () => done.push('last'));
    takeDown.push('a thing that hangs', never);
    takeDown.push('another thing that hangs', never);
    takeDown.push('a thing that fails', () => {
      throw new Error('no');
    });
    await takeDown.run(50);
    expect(done).toEqual(['last']);
  });

  it('does nothing the second time', async () => {
    const takeDown = createTakeDown(createLogger('silent', () => {}));
    let times = 0;
    takeDown.push('a thing', () => {
      times += 1;
    });
    await Promise.all([takeDown.run(100), takeDown.run(100)]);
    expect(times).toBe(1);
  });
});
