import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventIdOf, parseLastEventId } from './events.js';

describe('Last-Event-ID', () => {
  it.each([
    ['wx1:41', { wx1: 41 }],
    ['wx1:41,wx2:7', { wx1: 41, wx2: 7 }],
    [' wx1:41 , wx2:7 ', { wx1: 41, wx2: 7 }],
    ['wx1:41,wx1:40', { wx1: 41 }],
    ['', {}],
    ['41', {}],
    ['wx1:', {}],
    ['wx1:-1', {}],
    ['wx1:4.1,wx2:7', { wx2: 7 }],
    ['wx1:1234567890123456,wx2:7', { wx2: 7 }],
    ['wx/1:41', {}],
  ])('%j says that the client has %j', (header, versions) => {
    expect(Object.fromEntries(parseLastEventId(header))).toEqual(versions);
  });

  it('says what the ids say, and any text is taken without a fault', () => {
    const appId = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/).filter((text) => text !== '__proto__');
    const versions = fc.dictionary(appId, fc.nat(), { maxKeys: 5 });
    fc.assert(
      fc.property(versions, (has) => {
        const header = Object.entries(has).map(([app, version]) => eventIdOf(app, version));
        expect(Object.fromEntries(parseLastEventId(header.join(',')))).toEqual({ ...has });
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => parseLastEventId(text).size >= 0));
  });
});
