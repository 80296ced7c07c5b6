/** What is used of OpenTelemetry. A bundle of its own, dist/otel.js, which is loaded with the first trace that is sent. */
export { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
export { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
export { resourceFromAttributes } from '@opentelemetry/resources';
