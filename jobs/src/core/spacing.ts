/**
 * When something may be done again that was done at an instant, and not twice within the distance. An instant further
 * ahead than that distance was told by another clock (Redis has failed over to a machine with another time): it does
 * not count, since waiting for it could take for ever.
 */
export function againAtMs(doneAtMs: number, distanceMs: number, nowMs: number): number {
  return doneAtMs > nowMs + distanceMs ? nowMs : doneAtMs + distanceMs;
}
