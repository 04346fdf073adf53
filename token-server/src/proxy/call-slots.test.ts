import { describe, expect, it } from '@jest/globals';
import { createCallSlots } from './call-slots.js';

const never = new AbortController().signal;

describe('the slots of calls', () => {
  it('are taken up to the limit, then in the order of coming, each as one is given back', async () => {
    const slots = createCallSlots(2, 60_000);
    const order: string[] = [];
    const take = async (name: string) => {
      const giveBack = await slots.take(never);
      order.push(name);
      return giveBack;
    };
    const [first, second] = await Promise.all([take('first'), take('second')]);
    const third = take('third');
    const fourth = take('fourth');
    second();
    second();
    await third;
    expect(order).toEqual(['first', 'second', 'third']);
    first();
    await fourth;
    expect(order).toEqual(['first', 'second', 'third', 'fourth']);
    for (const giveBack of await Promise.all([third, fourth])) giveBack();
    await Promise.all([take('fifth'), take('sixth')]);
  });

  it('are waited for so long and no longer, and by nobody who has left', async () => {
    const slots = createCallSlots(1, 20);
    const giveBack = await slots.take(never);
    await expect(slots.take(never)).rejects.toMatchObject({ code: 'no_slot' });
    const leaver = new AbortController();
    const left = slots.take(leaver.signal);
    leaver.abort();
    await expect(left).rejects.toMatchObject({ code: 'no_slot' });
    await expect(slots.take(leaver.signal)).rejects.toMatchObject({ code: 'no_slot' });
    giveBack();
    await slots.take(never);
  });
});
