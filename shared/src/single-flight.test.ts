import { describe, expect, it } from '@jest/globals';
import { SingleFlight } from './single-flight.js';

function gate<T>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => {};
  const promise = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

describe('a single flight', () => {
  it('runs the work once for all who join while it runs, and again for those who come later', async () => {
    const flights = new SingleFlight<number>();
    const first = gate<number>();
    let runs = 0;
    const work = () => {
      runs += 1;
      return first.promise;
    };
    const callers = [1, 2, 3].map(() => flights.join('a', work));
    first.open(7);
    expect(await Promise.all(callers)).toEqual([7, 7, 7]);
    expect(runs).toBe(1);
    await flights.join('a', work);
    expect(runs).toBe(2);
  });

  it('keeps work of different keys apart', async () => {
    const flights = new SingleFlight<string>();
    const both = await Promise.all([flights.join('a', async () => 'A'), flights.join('b', async () => 'B')]);
    expect(both).toEqual(['A', 'B']);
  });

  it('gives an error to all who joined, and forgets it', async () => {
    const flights = new SingleFlight<string>();
    const failing = () => Promise.reject(new Error('no answer'));
    const callers = [flights.join('a', failing), flights.join('a', failing)];
    for (const caller of callers) await expect(caller).rejects.toThrow('no answer');
    expect(await flights.join('a', async () => 'well again')).toBe('well again');
  });

  it('has settled when everything that ran has ended, well or badly', async () => {
    const flights = new SingleFlight<string>();
    const slow = gate<string>();
    const running = flights.join('a', () => slow.promise);
    const failed = flights.join('b', () => Promise.reject(new Error('no answer')));
    const settled = flights.settled();
    await expect(failed).rejects.toThrow();
    slow.open('done');
    await settled;
    expect(await running).toBe('done');
  });
});
