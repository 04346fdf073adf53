import { noTracer } from '@zhongkong/jobs';
import type { TracingSettings } from '../config/tracing-settings.js';
import type { Logger } from '../logger.js';
import type { TakeDown } from '../take-down.js';
import type { Tracing } from './tracing-parts.js';

const OFF: Tracing = {
  tracer: noTracer,
  observe: (_request, _response, next) => next(),
  stop: async () => {},
};

/** The libraries are loaded only if somebody wants traces. @param settings undefined: nobody does */
export async function openTracing(
  settings: TracingSettings | undefined,
  { log, takeDown }: { readonly log: Logger; readonly takeDown: TakeDown },
): Promise<Tracing> {
  if (settings === undefined) return OFF;
  const { createTracing } = await import('./open-telemetry.js');
  log.info({ endpoint: settings.endpoint, sampler: settings.sampler }, 'traces are sent to OpenTelemetry');
  const tracing = createTracing(settings, log);
  takeDown.push('the traces', () => tracing.stop());
  return tracing;
}
