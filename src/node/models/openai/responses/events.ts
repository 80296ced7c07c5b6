/**
 * What is read of the events of a Responses stream. Servers add events and members of their own; those are ignored.
 */
import { z } from 'zod';
import { err, ok, type Result } from '../../../../core/kernel/result';

const tokenCount = z.number().int().nonnegative();
const index = z.number().int().nonnegative();

const usage = z.object({
  input_tokens: tokenCount,
  output_tokens: tokenCount,
  input_tokens_details: z
    .object({ cached_tokens: tokenCount.nullish(), cache_write_tokens: tokenCount.nullish() })
    .nullish(),
});

/** An item of the output; what kind it is says `type`, and items of other kinds than ours are left alone. */
const anyItem = z.looseObject({ type: z.string() });
export type AnyItem = z.infer<typeof anyItem>;

/** How a response ended. Usage that makes no sense counts as usage not reported; the reply itself is not worse for it. */
const response = z.object({
  output: z.array(anyItem).nullish(),
  usage: usage.nullish().catch(null),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
});
export type Ended = z.infer<typeof response>;

const reported = z.object({
  message: z
    .string()
    .nullish()
    .transform((text) => text ?? ''),
  code: z.string().nullable().catch(null),
  type: z.string().nullable().catch(null),
});

const streamEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('response.output_item.added'), output_index: index, item: anyItem }),
  z.object({ type: z.literal('response.output_item.done'), output_index: index, item: anyItem }),
  z.object({ type: z.literal('response.output_text.delta'), output_index: index, delta: z.string() }),
  z.object({ type: z.literal('response.refusal.delta'), output_index: index, delta: z.string() }),
  z.object({ type: z.literal('response.function_call_arguments.delta'), output_index: index, delta: z.string() }),
  z.object({ type: z.literal('response.completed'), response }),
  z.object({ type: z.literal('response.incomplete'), response }),
  z.object({ type: z.literal('response.failed'), response: z.object({ error: reported.nullish() }) }),
  reported.extend({ type: z.literal('error') }),
]);

/** An event that matters, or another one; `token` is true when that one holds something that the model made. */
export type StreamEvent = z.infer<typeof streamEvent> | { readonly type: 'other'; readonly token: boolean };

const KNOWN: ReadonlySet<string> = new Set(streamEvent.options.map((option) => option.shape.type.value));

/** Parses one event; the error says what about it is not the protocol. */
export function parseEvent(raw: unknown): Result<StreamEvent, string> {
  const head = anyItem.safeParse(raw);
  if (!head.success) return err('a chunk is no event');
  const { type } = head.data;
  // Thinking comes as deltas of several kinds; none is part of a reply, and each is a sign of life.
  if (!KNOWN.has(type)) return ok({ type: 'other', token: type.endsWith('.delta') });
  const parsed = streamEvent.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  return err(`the event ${type} does not fit the protocol (${parsed.error.issues[0]?.path.join('.')})`);
}
