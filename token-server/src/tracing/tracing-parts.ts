import type { Tracer } from '@zhongkong/jobs';
import type { RequestHandler } from 'express';

/** What this server tells OpenTelemetry. */
export interface Tracing {
  /** The spans of the engine. */
  readonly tracer: Tracer;
  /** Begins a span for each request; below the span that its `traceparent` names, if it has one. */
  readonly observe: RequestHandler;
  /** Sends what waits, for three seconds at most. */
  stop(): Promise<void>;
}
