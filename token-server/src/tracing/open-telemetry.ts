import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { SpanFacts, Tracer } from '@zhongkong/jobs';
import type { RequestHandler } from 'express';
import type { TracingSettings } from '../config/tracing-settings.js';
import type { Logger } from '../logger.js';
import { packageVersion } from '../package-version.js';
import { reportOnce } from './report-once.js';
import { samplerOf } from './sampler-of.js';
import type { Tracing } from './tracing-parts.js';

const SEND_WITHIN_MS = 5_000;
const SEND_EVERY_MS = 2_000;
/** What does not fit is dropped: a receiver that hangs must not fill the memory. */
const WAITING_MAX = 2_048;
const BATCH_MAX = 512;
const STOP_WITHIN_MS = 3_000;

/** What waits for WeChat is a call out. */
const CLIENT_SPANS = new Set(['fetch', 'check']);

export function createTracing(settings: TracingSettings, log: Logger): Tracing {
  const provider = providerOf(settings, log);
  const tracer = provider.getTracer('zhongkong', packageVersion());
  const contexts = new AsyncLocalStorage<Context>();
  const propagator = new W3CTraceContextPropagator();

  const span: Tracer['span'] = async (name, facts, run) => {
    const parent = contexts.getStore() ?? ROOT_CONTEXT;
    const kind = CLIENT_SPANS.has(name) ? SpanKind.CLIENT : SpanKind.INTERNAL;
    const begun = tracer.startSpan(name, { kind, attributes: attributesOf(facts) }, parent);
    try {
      return await contexts.run(trace.setSpan(parent, begun), () =>
        run((more) => void begun.setAttributes(attributesOf(more))),
      );
    } catch (error) {
      // Not the message: it could quote what it failed on.
      const { code, name } = error as { code?: unknown; name?: unknown };
      begun.setStatus({ code: SpanStatusCode.ERROR, message: String(code ?? name) });
      throw error;
    } finally {
      begun.end();
    }
  };

  const observe: RequestHandler = (request, response, next) => {
    // Of the headers this one only: `tracestate` is free text of the caller.
    const carrier = { traceparent: request.get('traceparent') };
    const parent = propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
    const { method } = request;
    const attributes = { 'http.request.method': method, 'zhongkong.request_id': response.locals.requestId };
    const begun = tracer.startSpan(method, { kind: SpanKind.SERVER, attributes }, parent);
    response.once('close', () => {
      const { route = 'none', client } = response.locals;
      const status = response.statusCode;
      begun.updateName(`${method} ${route}`);
      begun.setAttributes({ 'http.route': route, 'http.response.status_code': status });
      if (client !== undefined) begun.setAttribute('zhongkong.client', client);
      if (status >= 500) begun.setStatus({ code: SpanStatusCode.ERROR });
      begun.end();
    });
    contexts.run(trace.setSpan(parent, begun), next);
  };

  return {
    tracer: { span },
    observe,
    async stop() {
      const stopped = provider.shutdown().catch(() => {});
      await Promise.race([stopped, sleep(STOP_WITHIN_MS, undefined, { ref: false })]);
    },
  };
}

function providerOf({ endpoint, headers, serviceName, ...sampling }: TracingSettings, log: Logger) {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: SEND_WITHIN_MS,
    concurrencyLimit: 2,
  });
  return new TracerProvider({
    sampler: samplerOf(sampling),
    resource: resourceFromAttributes({
      'service.name': serviceName,
      'service.version': packageVersion(),
      'service.instance.id': randomUUID(),
    }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: reportOnce(exporter, endpoint, log),
        maxQueueSize: WAITING_MAX,
        maxExportBatchSize: BATCH_MAX,
        scheduledDelayMillis: SEND_EVERY_MS,
        exportTimeoutMillis: SEND_WITHIN_MS + 1_000,
      }),
    ],
  });
}

function attributesOf(facts: SpanFacts): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [`zhongkong.${name}`, value]));
}
