/**
 * What must be given back with a message of the Messages API: its signed thinking, unchanged, in its place. Pure.
 *
 * Invariant: nothing goes to another server or model than the one that made it, and nothing goes that does not parse; a
 * conversation without thinking is worse, one that is refused is over.
 */
import type { ContentBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { z } from 'zod';
import type { Message } from '../../../core/events/parts';
import { textOf } from '../../../core/events/payload';
import { callBlock, textBlocks } from './blocks';

const thinking = z.strictObject({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string().min(1),
});
const redacted = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string().min(1) });

const keptBlock = z.discriminatedUnion('type', [
  thinking,
  redacted,
  /** So many characters of the reply's text, from where the text before ended. */
  z.strictObject({ type: z.literal('text'), length: z.number().int().nonnegative() }),
  z.strictObject({ type: z.literal('call'), call: z.string() }),
]);
export type KeptBlock = z.infer<typeof keptBlock>;
type Hidden = Extract<KeptBlock, { type: 'thinking' | 'redacted_thinking' }>;

const keptSchema = z.strictObject({
  protocol: z.literal('anthropic.messages'),
  destination: z.string(),
  model: z.string(),
  blocks: z.array(keptBlock),
});

/** Who made a message: what is kept of it is for the same server and model only. */
export type Maker = { readonly destination: string; readonly model: string };

const isHidden = (block: KeptBlock): block is Hidden => block.type === 'thinking' || block.type === 'redacted_thinking';

/** The blocks of a reply as text to keep; null where there is no thinking among them. */
export function keep(blocks: readonly KeptBlock[], { destination, model }: Maker): string | null {
  if (!blocks.some(isHidden)) return null;
  return JSON.stringify({ protocol: 'anthropic.messages', destination, model, blocks });
}

type Assistant = Extract<Message, { role: 'assistant' }>;

/** An assistant's message as the blocks it was made of, as far as that is known; empty when nothing of it can be said. */
export function assistantBlocks(message: Assistant, maker: Maker): ContentBlockParam[] {
  const text = textOf(message.content);
  const kept = message.kept === undefined ? [] : keptBlocks(textOf(message.kept), maker);
  const inOrder = ordered(kept, text, message);
  if (inOrder !== null) return followed(inOrder);
  // The message is not what it was: its thinking comes first, which is where a model does it.
  return followed([...kept.filter(isHidden), ...textBlocks(text), ...message.toolCalls.map(callBlock)]);
}

function keptBlocks(json: string, maker: Maker): KeptBlock[] {
  const parsed = keptSchema.safeParse(parseJson(json));
  if (!parsed.success) return [];
  const { destination, model, blocks } = parsed.data;
  return destination === maker.destination && model === maker.model ? blocks : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Text and calls in the order that was kept; null when it is not the order of exactly these. */
function ordered(kept: readonly KeptBlock[], text: string, { toolCalls }: Assistant): ContentBlockParam[] | null {
  let at = 0;
  let nextCall = 0;
  const blocks: ContentBlockParam[] = [];
  for (const block of kept) {
    if (isHidden(block)) blocks.push(block);
    else if (block.type === 'text') {
      blocks.push(...textBlocks(text.slice(at, at + block.length)));
      at += block.length;
    } else {
      const call = toolCalls[nextCall];
      if (call?.id !== block.call) return null;
      blocks.push(callBlock(call));
      nextCall += 1;
    }
  }
  return at === text.length && nextCall === toolCalls.length ? blocks : null;
}

/** A message must not end in thinking, so what nothing follows is left out. */
function followed(blocks: readonly ContentBlockParam[]): ContentBlockParam[] {
  return blocks.slice(0, blocks.findLastIndex((block) => block.type === 'text' || block.type === 'tool_use') + 1);
}
