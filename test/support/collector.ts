/** A collector of OpenTelemetry as far as a trace needs one: OTLP over HTTP, JSON, refused unless it has the form of the protocol. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

// opentelemetry-proto 1.x in its JSON mapping: ids in hexadecimal, times as decimal text of nanoseconds.
const value: z.ZodType = z.union([
  z.strictObject({ stringValue: z.string() }),
  z.strictObject({ boolValue: z.boolean() }),
  z.strictObject({ intValue: z.union([z.number().int(), z.string().regex(/^-?\d+$/)]) }),
  z.strictObject({ doubleValue: z.number() }),
  z.strictObject({ arrayValue: z.strictObject({ values: z.array(z.strictObject({ stringValue: z.string() })) }) }),
]);
const attributes = z.array(z.strictObject({ key: z.string().min(1), value }));
const nanoseconds = z.string().regex(/^\d{16,20}$/);
const span = z.strictObject({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  flags: z.number().int().optional(),
  name: z.string().min(1),
  kind: z.number().int().min(1).max(5),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  droppedAttributesCount: z.number().int(),
  events: z.array(
    z.strictObject({
      timeUnixNano: nanoseconds,
      name: z.string(),
      attributes,
      droppedAttributesCount: z.number().int(),
    }),
  ),
  droppedEventsCount: z.number().int(),
  links: z.array(z.never()),
  droppedLinksCount: z.number().int(),
  status: z.strictObject({ code: z.number().int().min(0).max(2), message: z.string().optional() }),
});
const request = z.strictObject({
  resourceSpans: z.array(
    z.strictObject({
      resource: z.strictObject({ attributes, droppedAttributesCount: z.number().int() }),
      scopeSpans: z.array(
        z.strictObject({
          scope: z.strictObject({ name: z.string(), version: z.string() }),
          spans: z.array(span),
        }),
      ),
    }),
  ),
});
export type CollectedSpan = z.infer<typeof span>;

export type Collector = {
  readonly endpoint: string;
  readonly spans: CollectedSpan[];
  readonly headers: Record<string, string | string[] | undefined>[];
  /** All that came, as text. */
  readonly text: () => string;
  close(): Promise<void>;
};

/** Listens on a free port; `status` is what it answers instead of taking a trace. */
export async function startCollector(status?: number): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const headers: Collector['headers'] = [];
  const texts: string[] = [];
  const server = createServer((asked, response) => {
    const pieces: Buffer[] = [];
    asked.on('data', (piece: Buffer) => pieces.push(piece));
    asked.on('end', () => {
      headers.push(asked.headers);
      texts.push(Buffer.concat(pieces).toString('utf8'));
      const parsed = request.safeParse(JSON.parse(texts.at(-1) ?? ''));
      const path = asked.url === '/v1/traces' && asked.method === 'POST';
      if (parsed.success) spans.push(...parsed.data.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans)));
      const code = status ?? (path && parsed.success ? 200 : 400);
      response
        .writeHead(code, { 'content-type': 'application/json' })
        .end(parsed.success ? '{}' : parsed.error.message);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/v1/traces`,
    spans,
    headers,
    text: () => texts.join('\n'),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
