import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from '../logger.js';

const SUCCESS = 0;

/** Passes spans on. When that begins to fail it is one WARN line, and one INFO line when it works again. */
export function reportOnce(
  exporter: SpanExporter,
  endpoint: string,
  log: Pick<Logger, 'info' | 'warn'>,
): SpanExporter {
  let isFailing = false;
  return {
    export(spans, callback) {
      exporter.export(spans, (result) => {
        const fails = result.code !== SUCCESS;
        if (fails && !isFailing) {
          const { code, name } = (result.error ?? {}) as { code?: unknown; name?: unknown };
          const text =
            'traces cannot be sent; check OTEL_EXPORTER_OTLP_ENDPOINT, which has to take OTLP over HTTP (port 4318, not 4317)';
          log.warn({ endpoint, fault: String(code ?? name ?? 'unknown') }, text);
        }
        if (!fails && isFailing) log.info({ endpoint }, 'traces are sent again');
        isFailing = fails;
        // Else the library would report each batch on its own.
        callback({ code: SUCCESS });
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
