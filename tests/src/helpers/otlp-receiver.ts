import { text } from 'node:stream/consumers';
import { serve } from './serve.js';

/** A span as OTLP's JSON has it, with its attributes as one object. */
interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

interface OtlpValue {
  readonly stringValue?: string;
  readonly intValue?: number;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
}
type OtlpAttributes = readonly { readonly key: string; readonly value: OtlpValue }[];

/** A collector that takes OTLP over HTTP in JSON. */
export interface OtlpReceiver {
  readonly url: string;
  readonly spans: ReceivedSpan[];
  /** Everything that came in, headers too. */
  readonly bodies: string[];
  readonly paths: string[];
  /** The status of its answers. @defaultValue 200 */
  status: number;
}

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const found = { spans: [] as ReceivedSpan[], bodies: [] as string[], paths: [] as string[], status: 200 };
  const url = await serve(async (request, response) => {
    const body = await text(request);
    found.paths.push(`${request.url} ${request.headers['api-key']}`);
    response.writeHead(found.status, { 'content-type': 'application/json' }).end('{}');
    if (found.status !== 200) return;
    found.bodies.push(body);
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: {
        scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes'> & { attributes: OtlpAttributes })[] }[];
      }[];
    };
    for (const { scopeSpans } of resourceSpans)
      for (const { spans } of scopeSpans)
        found.spans.push(
          ...spans.map((span) => ({
            ...span,
            attributes: Object.fromEntries(
              span.attributes.map(({ key, value }) => [key, Object.values(value)[0]]),
            ),
          })),
        );
  });
  return Object.assign(found, { url });
}
