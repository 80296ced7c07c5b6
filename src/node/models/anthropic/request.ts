/**
 * A request of the port as the body of a Messages request. Pure.
 *
 * Invariant: what was sent with one request of a conversation is the beginning of the next one, to the last byte, but for
 * the marks of the cache. That is what makes the cache work.
 */
import type {
  ContentBlockParam,
  MessageCreateParamsStreaming,
  MessageParam,
  TextBlockParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages';
import { z } from 'zod';
import type { Message } from '../../../core/events/parts';
import { textOf } from '../../../core/events/payload';
import { assertNever } from '../../../core/kernel/assertNever';
import type { ModelRequest, ToolDefinition } from '../../../core/ports/model';
import { resultBlock, textBlocks } from './blocks';
import { assistantBlocks, type Maker } from './kept';

export type MessagesRequest = MessageCreateParamsStreaming;

const inputSchema = z.looseObject({ type: z.literal('object') });
const MARK = { cache_control: { type: 'ephemeral' } } as const;

/**
 * The body of the request to one model; `maker` says whose thinking may be given back. Nothing is said of how it should think:
 * every model takes that, and it means what Anthropic chose for it.
 */
export function messagesRequest(request: ModelRequest, maker: Maker): MessagesRequest {
  const system = request.messages.flatMap((message) =>
    message.role === 'system' ? textBlocks(textOf(message.content)) : [],
  );
  const tools = request.tools.map(toolOf);
  return {
    model: maker.model,
    max_tokens: request.maxOutputTokens,
    stream: true,
    // Tools come before the system prompt in the cache: one mark at the end covers both.
    ...(tools.length === 0 ? {} : { tools: system.length === 0 ? marked(tools) : tools }),
    ...(system.length === 0 ? {} : { system: marked(system) }),
    messages: cached(turns(request.messages, maker)),
  };
}

function toolOf({ name, description, parameters }: ToolDefinition): Tool {
  return { name, description, input_schema: inputSchema.parse(parameters) };
}

type Turn = { readonly role: 'user' | 'assistant'; readonly content: ContentBlockParam[] };

/** The conversation as turns that alternate: the results of several calls go back in one message, in their order. */
function turns(messages: readonly Message[], maker: Maker): Turn[] {
  const all: Turn[] = [];
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = contentOf(message, maker);
    if (content.length === 0) continue;
    const last = all.at(-1);
    if (last?.role === role) last.content.push(...content);
    else all.push({ role, content });
  }
  return all;
}

function contentOf(message: Message, maker: Maker): ContentBlockParam[] {
  switch (message.role) {
    case 'system':
      return [];
    case 'user':
      return textBlocks(textOf(message.content));
    case 'tool':
      return [resultBlock(message)];
    case 'assistant':
      return assistantBlocks(message, maker);
    default:
      return assertNever(message);
  }
}

/** Marks the ends of the last two messages of the user: what the request before wrote, and what the next one reads. */
function cached(all: readonly Turn[]): MessageParam[] {
  const ends = all.flatMap(({ role }, at) => (role === 'user' ? [at] : [])).slice(-2);
  return all.map(({ role, content }, at) => ({ role, content: ends.includes(at) ? marked(content) : content }));
}

type Markable = TextBlockParam | Tool | ContentBlockParam;

/** The same with a mark on the last one, up to which the provider keeps what it has read. */
const marked = <T extends Markable>(items: readonly T[]): T[] =>
  items.map((item, at) => (at === items.length - 1 ? { ...item, ...MARK } : item));
