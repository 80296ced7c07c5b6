/** What is read of the events of a Messages stream. Events and members that are not known are ignored. */
import { z } from 'zod';
import { err, ok, type Result } from '../../../core/kernel/result';

const tokenCount = z.number().int().nonnegative().nullish();

/** Usage that makes no sense counts as usage not reported; the reply itself is not worse for it. */
const usage = z
  .object({
    input_tokens: tokenCount,
    output_tokens: tokenCount,
    cache_read_input_tokens: tokenCount,
    cache_creation_input_tokens: tokenCount,
  })
  .nullish()
  .catch(null);
export type ReportedUsage = z.infer<typeof usage>;

const index = z.number().int().nonnegative();

const knownBlock = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().catch('') }),
  z.object({ type: z.literal('thinking'), thinking: z.string().catch(''), signature: z.string().catch('') }),
  z.object({ type: z.literal('redacted_thinking'), data: z.string() }),
  z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() }),
]);

const knownDelta = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text_delta'), text: z.string() }),
  z.object({ type: z.literal('input_json_delta'), partial_json: z.string() }),
  z.object({ type: z.literal('thinking_delta'), thinking: z.string() }),
  z.object({ type: z.literal('signature_delta'), signature: z.string() }),
]);
export type Delta = z.infer<typeof knownDelta>;

const known = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.object({ usage }) }),
  z.object({ type: z.literal('content_block_start'), index, content_block: z.object({ type: z.string() }).loose() }),
  z.object({ type: z.literal('content_block_delta'), index, delta: z.object({ type: z.string() }).loose() }),
  z.object({ type: z.literal('content_block_stop'), index }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: z.string().nullish() }),
    usage,
  }),
  z.object({ type: z.literal('message_stop') }),
]);

export type Block = z.infer<typeof knownBlock> | { readonly type: 'other' };
export type StreamEvent =
  | Exclude<z.infer<typeof known>, { type: 'content_block_start' | 'content_block_delta' }>
  | { readonly type: 'content_block_start'; readonly index: number; readonly block: Block }
  | { readonly type: 'content_block_delta'; readonly index: number; readonly delta: Delta | { readonly type: 'other' } }
  | { readonly type: 'other' };

const anyEvent = z.object({ type: z.string() });
const KNOWN = new Set<string>(known.options.map((option) => option.shape.type.value));
const BLOCKS = new Set<string>(knownBlock.options.map((option) => option.shape.type.value));
const DELTAS = new Set<string>(knownDelta.options.map((option) => option.shape.type.value));

/** Reads one event; the error says where it does not fit the protocol. */
export function parseEvent(raw: unknown): Result<StreamEvent, string> {
  const any = anyEvent.safeParse(raw);
  if (!any.success) return unfit(any.error);
  if (!KNOWN.has(any.data.type)) return ok({ type: 'other' });
  const parsed = known.safeParse(raw);
  if (!parsed.success) return unfit(parsed.error);
  const event = parsed.data;
  if (event.type === 'content_block_start') {
    if (!BLOCKS.has(event.content_block.type)) return ok({ ...event, block: { type: 'other' } });
    const block = knownBlock.safeParse(event.content_block);
    return block.success ? ok({ ...event, block: block.data }) : unfit(block.error);
  }
  if (event.type === 'content_block_delta') {
    if (!DELTAS.has(event.delta.type)) return ok({ ...event, delta: { type: 'other' } });
    const delta = knownDelta.safeParse(event.delta);
    return delta.success ? ok({ ...event, delta: delta.data }) : unfit(delta.error);
  }
  return ok(event);
}

const unfit = (error: z.ZodError): Result<never, string> =>
  err(`an event does not fit the protocol (${error.issues[0]?.path.join('.')})`);
