export type SpanFacts = Readonly<Record<string, string | number | boolean>>;

/** Times what the engine does, as parts of one trace. Never a token, key or secret among the facts. */
export interface Tracer {
  /** Runs a part as a span below the one that is under way. @param run gets what adds facts to the span */
  span<T>(name: string, facts: SpanFacts, run: (note: (facts: SpanFacts) => void) => Promise<T>): Promise<T>;
}

/** Traces nothing. */
export const noTracer: Tracer = { span: (_name, _facts, run) => run(() => {}) };
