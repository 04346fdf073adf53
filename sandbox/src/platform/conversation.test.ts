import { describe, expect, it } from '@jest/globals';
import { Conversation } from './conversation.js';

const HOUR = 3_600_000;

function codeOf(step: () => void): number {
  try {
    step();
    return 0;
  } catch (error) {
    return (error as { errcode: number }).errcode;
  }
}

describe('Conversation.send', () => {
  it('is refused before any interaction', () => {
    expect(codeOf(() => new Conversation().send(0))).toBe(45015);
  });

  it("is allowed five times in the 48 hours after a user's message", () => {
    const conversation = new Conversation();
    conversation.interact('message', 0);
    for (let n = 0; n < 5; n++) conversation.send(n);
    expect(codeOf(() => conversation.send(6))).toBe(45047);
    expect(codeOf(() => conversation.send(48 * HOUR))).toBe(45015);
  });

  it('is allowed twice in the minute after a user opened customer service', () => {
    const conversation = new Conversation();
    conversation.interact('enter', 0);
    expect([0, 59_999].map((at) => codeOf(() => conversation.send(at)))).toEqual([0, 0]);
    expect(codeOf(() => conversation.send(59_999))).toBe(45047);
    expect(codeOf(() => conversation.send(60_000))).toBe(45015);
  });

  it('starts anew with the next message', () => {
    const conversation = new Conversation();
    conversation.interact('message', 0);
    for (let n = 0; n < 5; n++) conversation.send(n);
    conversation.interact('message', 10);
    expect(codeOf(() => conversation.send(11))).toBe(0);
  });
});

describe('Conversation.type', () => {
  it('needs a contact in the last 30 seconds, of either direction', () => {
    const conversation = new Conversation();
    expect(codeOf(() => conversation.type(0))).toBe(45080);
    conversation.interact('message', 0);
    expect(codeOf(() => conversation.type(30_001))).toBe(45080);
    conversation.send(40_000);
    expect(codeOf(() => conversation.type(70_000))).toBe(0);
  });

  it('cannot be repeated for 15 seconds, unless it was cancelled or a message was sent', () => {
    const conversation = new Conversation();
    conversation.interact('message', 0);
    conversation.type(0);
    expect(codeOf(() => conversation.type(14_999))).toBe(45081);
    conversation.type(15_000);
    conversation.cancelTyping();
    conversation.type(15_001);
    conversation.send(15_002);
    expect(codeOf(() => conversation.type(15_003))).toBe(0);
  });
});
