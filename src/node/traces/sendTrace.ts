/**
 * Sends a trace to an OpenTelemetry collector over OTLP (HTTP with JSON; opentelemetry-proto 1.x), with the official exporter.
 * Headers, such as a token, are those of OTEL_EXPORTER_OTLP_HEADERS, or given here.
 */
import type { Attributes as OtelAttributes } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { messageOf, OpenExecError } from '../../core/kernel/errors';
import type { Attributes, Span, Trace } from '../../core/traces/span';

export type Collector = {
  /** Where traces are taken, such as `http://127.0.0.1:4318/v1/traces`. */
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Of OpenExec. */
  readonly version: string;
  /** Milliseconds for one request. */
  readonly timeoutMs?: number;
};

/** Collectors refuse what is larger than a few megabytes, so that a long run goes in several requests. */
const SPANS_AT_ONCE = 500;
const TIMEOUT_MS = 10_000;

/** Sends every span; throws `traces_not_sent` when the collector does not take them, with what it said. */
export async function sendTrace(trace: Trace, { endpoint, headers, version, timeoutMs }: Collector): Promise<void> {
  const { OTLPTraceExporter, resourceFromAttributes, SpanKind, SpanStatusCode, TraceFlags } = await import('./otel');
  const exporter = new OTLPTraceExporter({
    url: endpoint,
    timeoutMillis: timeoutMs ?? TIMEOUT_MS,
    ...(headers === undefined ? {} : { headers: { ...headers } }),
  });
  const resource = resourceFromAttributes({ 'service.name': 'openexec', 'service.version': version });
  const contextOf = (spanId: string) => ({ traceId: trace.id, spanId, traceFlags: TraceFlags.SAMPLED });
  const readable = (span: Span): ReadableSpan => ({
    name: span.name,
    kind: span.kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
    spanContext: () => contextOf(span.id),
    ...(span.parent === null ? {} : { parentSpanContext: contextOf(span.parent) }),
    startTime: timeOf(span.startMs),
    endTime: timeOf(span.endMs),
    duration: timeOf(span.endMs - span.startMs),
    status: span.error === null ? { code: SpanStatusCode.OK } : { code: SpanStatusCode.ERROR, message: span.error },
    attributes: plain(span.attributes),
    links: [],
    events: span.events.map(({ name, atMs, attributes }) => ({
      name,
      time: timeOf(atMs),
      attributes: plain(attributes),
    })),
    ended: true,
    resource,
    instrumentationScope: { name: 'openexec', version },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  });
  try {
    for (let from = 0; from < trace.spans.length; from += SPANS_AT_ONCE) {
      const spans = trace.spans.slice(from, from + SPANS_AT_ONCE).map(readable);
      await new Promise<void>((resolve, reject) => {
        exporter.export(spans, ({ code, error }) => (code === 0 ? resolve() : reject(error ?? new Error('refused'))));
      });
    }
  } catch (cause) {
    const said = `the collector at ${endpoint} did not take the trace: ${messageOf(cause)}`;
    throw new OpenExecError('traces_not_sent', said, { cause });
  } finally {
    await exporter.shutdown();
  }
}

/** Seconds and nanoseconds. */
const timeOf = (ms: number): [number, number] => [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];

const plain = (attributes: Attributes): OtelAttributes =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
  );
