/**
 * What must be given back with a message of the Responses API: its encrypted reasoning, the phases of its texts, and the
 * order of all. Pure.
 *
 * Invariant: nothing goes to another server or model than the one that made it, and nothing goes that does not parse; a
 * conversation without reasoning is worse, one that is refused is over.
 */
import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { z } from 'zod';
import type { Message } from '../../../../core/events/parts';
import { textOf } from '../../../../core/events/payload';

/** Reasoning as it is given back. Without `encrypted_content` the server would look for an item it never stored. */
export const reasoningItem = z.object({
  type: z.literal('reasoning'),
  id: z.string(),
  summary: z.array(z.object({ type: z.literal('summary_text'), text: z.string() })),
  encrypted_content: z.string().min(1),
});

const phase = z.enum(['commentary', 'final_answer']);

const keptItem = z.discriminatedUnion('type', [
  reasoningItem,
  /** So many characters of the reply's text, from where the message before ended. */
  z.object({ type: z.literal('message'), length: z.number().int().nonnegative(), phase: phase.nullable() }),
  z.object({ type: z.literal('call'), call: z.string() }),
]);
export type KeptItem = z.infer<typeof keptItem>;

const keptSchema = z.object({
  protocol: z.literal('openai.responses'),
  destination: z.string(),
  model: z.string(),
  items: z.array(keptItem),
});

/** Who made a message: what is kept of it is for the same server and model only. */
export type Maker = { readonly destination: string; readonly model: string };

/** Between two messages of one reply, which the port knows as one text. */
export const BETWEEN = '\n\n';

/** The items of a reply as text to keep; null where nothing in them needs to be given back. */
export function keep(items: readonly KeptItem[], { destination, model }: Maker): string | null {
  const needed = items.some((item) => item.type === 'reasoning' || (item.type === 'message' && item.phase !== null));
  return needed ? JSON.stringify({ protocol: 'openai.responses', destination, model, items }) : null;
}

type Assistant = Extract<Message, { role: 'assistant' }>;

/** An assistant's message as the items it was made of, as far as that is known. */
export function assistantItems(message: Assistant, maker: Maker): ResponseInputItem[] {
  const text = textOf(message.content);
  const calls = message.toolCalls.map(callItem);
  const kept = message.kept === undefined ? [] : keptItems(textOf(message.kept), maker);
  const inOrder = ordered(kept, text, calls);
  if (inOrder !== null) return followed(inOrder);
  // The message is not what it was: what is hidden in it comes first, which is where a model puts it.
  const hidden = kept.filter((item) => item.type === 'reasoning');
  return followed([...hidden, ...(text === '' ? [] : [textItem(text, null)]), ...calls]);
}

function keptItems(json: string, maker: Maker): KeptItem[] {
  const parsed = keptSchema.safeParse(parseJson(json));
  if (!parsed.success) return [];
  const { destination, model, items } = parsed.data;
  return destination === maker.destination && model === maker.model ? items : [];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Text and calls in the order that was kept; null when it is not the order of exactly these. */
function ordered(kept: readonly KeptItem[], text: string, calls: readonly CallItem[]): ResponseInputItem[] | null {
  let at = 0;
  let nextCall = 0;
  const items: ResponseInputItem[] = [];
  for (const item of kept) {
    if (item.type === 'reasoning') items.push(item);
    else if (item.type === 'message') {
      const words = text.slice(at, at + item.length);
      items.push(textItem(at > 0 && words.startsWith(BETWEEN) ? words.slice(BETWEEN.length) : words, item.phase));
      at += item.length;
    } else {
      const call = calls[nextCall];
      if (call?.call_id !== item.call) return null;
      items.push(call);
      nextCall += 1;
    }
  }
  return at === text.length && nextCall === calls.length ? items : null;
}

/** Reasoning that nothing follows is refused by the API, so it is left out. */
function followed(items: readonly ResponseInputItem[]): ResponseInputItem[] {
  return items.slice(0, items.findLastIndex((item) => item.type !== 'reasoning') + 1);
}

function textItem(content: string, said: z.infer<typeof phase> | null): ResponseInputItem {
  return { type: 'message', role: 'assistant', content, ...(said === null ? {} : { phase: said }) };
}

type CallItem = { type: 'function_call'; call_id: string; name: string; arguments: string };

function callItem({ id, name, arguments: text }: Assistant['toolCalls'][number]): CallItem {
  return { type: 'function_call', call_id: id, name, arguments: textOf(text) };
}
