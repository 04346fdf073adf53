import { describe, expect, it } from '@jest/globals';
import { certificateWarning } from './certificate-warning.js';

const DAY_MS = 86_400_000;
const NOW_MS = Date.parse('2026-06-01T00:00:00Z');

describe('the dates of a certificate', () => {
  it.each([
    [-10, 15, undefined],
    [-10, 14, undefined],
    [-10, 13.9, / expires at 2026-06-14T\S+, in 13 days: replace the files/],
    [-10, 0.5, / in 0 days: /],
    [-10, 0, / has expired at 2026-06-01T00:00:00.000Z: /],
    [-10, -3, / has expired at /],
    [1, 100, / is valid only from 2026-06-02T00:00:00.000Z: /],
  ])('from %d to %d days from now are worth this warning: %s', (from, until, expected) => {
    const dates = { validFromMs: NOW_MS + from * DAY_MS, validUntilMs: NOW_MS + until * DAY_MS };
    const warning = certificateWarning(dates, '/tls/cert.pem', NOW_MS);
    if (expected === undefined) expect(warning).toBeUndefined();
    else expect(warning).toMatch(expected);
  });
});
