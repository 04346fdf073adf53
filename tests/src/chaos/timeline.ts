/** A stretch of time, in milliseconds of one clock. `toMs` is Infinity while it lasts. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The longest part of `within` during which none of the `troubles` lasted. */
export function longestFree(within: Span, troubles: readonly Span[]): number {
  let longestMs = 0;
  let freeFromMs = within.fromMs;
  for (const { fromMs, toMs } of [...troubles].sort((a, b) => a.fromMs - b.fromMs)) {
    if (toMs <= freeFromMs) continue;
    if (fromMs >= within.toMs) break;
    longestMs = Math.max(longestMs, fromMs - freeFromMs);
    freeFromMs = toMs;
  }
  return Math.max(longestMs, within.toMs - freeFromMs);
}

/** The times during which all of several things were in trouble at once. */
export function together(all: readonly (readonly Span[])[]): Span[] {
  const [first = [], ...rest] = all;
  return rest.reduce<Span[]>(
    (common, next) =>
      common.flatMap((a) =>
        next.flatMap((b) => {
          const span = { fromMs: Math.max(a.fromMs, b.fromMs), toMs: Math.min(a.toMs, b.toMs) };
          return span.fromMs < span.toMs ? [span] : [];
        }),
      ),
    [...first],
  );
}

/** Writes down when something was in trouble. */
export class TroubleLog {
  readonly #spans: { fromMs: number; toMs: number }[] = [];

  /** @returns a function that ends the trouble */
  begin(): () => void {
    const span = { fromMs: performance.now(), toMs: Number.POSITIVE_INFINITY };
    this.#spans.push(span);
    return () => {
      span.toMs = performance.now();
    };
  }

  get isUnderWay(): boolean {
    return this.#spans.some(({ toMs }) => toMs === Number.POSITIVE_INFINITY);
  }

  get spans(): readonly Span[] {
    return this.#spans;
  }
}
