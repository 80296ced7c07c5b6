/**
 * The items of a response while it streams in: texts, calls and reasoning, each at its place in the output.
 *
 * Invariant: the text that was told piece by piece is the text of the reply.
 */
import { z } from 'zod';
import { err, ok, type Result } from '../../../../core/kernel/result';
import type { ModelReply } from '../../../../core/ports/model';
import { type Broken, notProtocol, type Progress, type WrittenCall } from '../../shared/assembly';
import type { AnyItem } from './events';
import { BETWEEN, type KeptItem, reasoningItem } from './kept';

const text = z.string().nullish();

const callItem = z.object({ type: z.literal('function_call'), call_id: text, name: text, arguments: text });

const messageItem = z.object({
  type: z.literal('message'),
  phase: z.enum(['commentary', 'final_answer']).nullish().catch(null),
  content: z.array(z.looseObject({ type: z.string(), text, refusal: text })).nullish(),
});

type Message = { readonly kind: 'message'; readonly texts: string[]; phase: 'commentary' | 'final_answer' | null };
type Call = { readonly kind: 'call'; id: string; name: string; written: string[] };
type Item = Message | Call | { readonly kind: 'reasoning'; readonly item: z.infer<typeof reasoningItem> };

/** What the items come to when the response has ended. */
type Closed = {
  readonly text: string;
  readonly calls: readonly WrittenCall[];
  readonly refused: boolean;
  /** The items to keep; `toolCalls` are the same calls under the ids that they go by. */
  kept(toolCalls: ModelReply['toolCalls']): KeptItem[];
};

type Step = Result<Progress, Broken>;

export interface OpenItems {
  /** How many items there are, of any kind. */
  readonly count: number;
  /** Characters of everything so far. */
  readonly size: number;
  /** An item is there, or is complete: what it holds then counts, whatever was streamed of a call before. */
  put(index: number, item: AnyItem, done: boolean): Step;
  /** A piece of a message, or of a refusal. */
  say(index: number, piece: string, refusal: boolean): Step;
  /** A piece of the arguments of a call. */
  fill(index: number, piece: string): Step;
  close(): Closed;
}

const TOKEN: Progress = { text: '', token: true };
const unfit = (type: string) => err(notProtocol(`an item of type ${type} does not fit the protocol`));

export function openItems(): OpenItems {
  const items = new Map<number, Item>();
  let count = 0;
  let size = 0;
  let refused = false;

  function messageAt(index: number): Message | null {
    const found = items.get(index) ?? { kind: 'message', texts: [], phase: null };
    if (found.kind !== 'message') return null;
    items.set(index, found);
    return found;
  }

  function say(index: number, piece: string, refusal: boolean): Step {
    if (piece === '') return ok({ text: '', token: false });
    const message = messageAt(index);
    if (message === null) return err(notProtocol('a text belongs to an item that is no message'));
    const later = message.texts.length === 0 && [...items.values()].some((item) => item !== message && hasText(item));
    const said = later ? `${BETWEEN}${piece}` : piece;
    message.texts.push(said);
    size += said.length;
    refused ||= refusal;
    return ok({ text: said, token: true });
  }

  function putMessage(index: number, item: AnyItem, done: boolean): Step {
    const parsed = messageItem.safeParse(item);
    const message = messageAt(index);
    if (!parsed.success || message === null) return unfit('message');
    message.phase = parsed.data.phase ?? message.phase;
    if (!done || message.texts.length > 0) return ok({ text: '', token: false });
    const parts = parsed.data.content ?? [];
    const refusal = parts.some((part) => part.type === 'refusal');
    return say(index, parts.map((part) => part.text ?? part.refusal ?? '').join(''), refusal);
  }

  function putCall(index: number, item: AnyItem, done: boolean): Step {
    const parsed = callItem.safeParse(item);
    const call = items.get(index) ?? { kind: 'call', id: '', name: '', written: [] };
    if (!parsed.success || call.kind !== 'call') return unfit('function_call');
    items.set(index, call);
    call.id = parsed.data.call_id || call.id;
    call.name = parsed.data.name || call.name;
    if (done && parsed.data.arguments) call.written = [parsed.data.arguments];
    size += parsed.data.arguments?.length ?? 0;
    return ok(TOKEN);
  }

  return {
    get count() {
      return count;
    },
    get size() {
      return size;
    },
    put(index, item, done) {
      count += 1;
      if (item.type === 'message') return putMessage(index, item, done);
      if (item.type === 'function_call') return putCall(index, item, done);
      if (item.type !== 'reasoning' || !done) return ok({ text: '', token: false });
      const parsed = reasoningItem.safeParse(item);
      if (parsed.success) {
        items.set(index, { kind: 'reasoning', item: parsed.data });
        size += parsed.data.encrypted_content.length;
      }
      return ok(TOKEN);
    },
    say,
    fill(index, piece) {
      const call = items.get(index);
      if (call?.kind !== 'call') return err(notProtocol('arguments belong to an item that is no call'));
      call.written.push(piece);
      size += piece.length;
      return ok(TOKEN);
    },
    close: () =>
      close(
        [...items].sort(([a], [b]) => a - b).map(([, item]) => item),
        refused,
      ),
  };
}

const hasText = (item: Item): boolean => item.kind === 'message' && item.texts.length > 0;

function close(items: readonly Item[], refused: boolean): Closed {
  const calls = items.filter((item) => item.kind === 'call');
  return {
    text: items.flatMap((item) => (item.kind === 'message' ? item.texts : [])).join(''),
    calls: calls.map(({ id, name, written }) => ({ id, name, arguments: written.join('') })),
    refused,
    kept: (toolCalls) =>
      items.map((item): KeptItem => {
        if (item.kind === 'reasoning') return item.item;
        if (item.kind === 'call') return { type: 'call', call: toolCalls[calls.indexOf(item)]?.id ?? '' };
        return { type: 'message', length: item.texts.join('').length, phase: item.phase };
      }),
  };
}
