/**
 * A local HTTP server that speaks the Chat Completions protocol, with streaming and tool calls.
 */
import { z } from 'zod';
import * as sse from './sseServer';

const chatBody = z.looseObject({
  model: z.string(),
  stream: z.literal(true),
  messages: z.array(z.looseObject({ role: z.enum(['system', 'user', 'assistant', 'tool']) })).min(1),
  tools: z
    .array(z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }))
    .optional(),
});
type ChatBody = z.infer<typeof chatBody>;

/** How a request is answered. */
export type Answer = sse.Answer<ChatBody>;
export type OpenAiServer = sse.SseServer<ChatBody>;

/** An error of the protocol. */
const error = (_status: number, message: string, extra: object = {}): string =>
  JSON.stringify({ error: { message, type: 'server_error', param: null, code: null, ...extra } });

/** The Chat Completions protocol, as the server needs to know it. */
export const CHAT: sse.Protocol<ChatBody> = { base: '/v1', path: '/chat/completions', body: chatBody, error };

/** Starts a server on a free port of the loopback address; its base URL ends in `/v1`. */
export const startOpenAiServer = (...script: Answer[]): Promise<OpenAiServer> => sse.startSseServer(CHAT, { script });

export const { stream, raw, hang, stallAfter, breakAfter } = sse;

type ToolCallSpec = { readonly id?: string; readonly name: string; readonly arguments: string };
type Finish = 'stop' | 'tool_calls' | 'length' | 'content_filter';
type ChatUsage = { prompt_tokens: number; completion_tokens: number; prompt_tokens_details?: object };

/** The usage every complete answer reports unless told otherwise. */
const USAGE: ChatUsage = { prompt_tokens: 11, completion_tokens: 7 };

/** A chunk with one delta, as an event of the stream. */
export function chunk(delta: object, finish: string | null = null): string {
  return event({ choices: [{ index: 0, delta, finish_reason: finish }] });
}

/** Any object as a chunk of the stream. */
function event(members: object): string {
  const head = { id: 'chatcmpl-test', object: 'chat.completion.chunk', created: 1, model: 'test' };
  return `data: ${JSON.stringify({ ...head, ...members })}\n\n`;
}

/** The last events of a complete stream. */
export const ending = (finish: Finish, usage: ChatUsage | null = USAGE): string[] => [
  chunk({}, finish),
  ...(usage === null ? [] : [event({ choices: [], usage })]),
  'data: [DONE]\n\n',
];

/** A complete answer in words; the text is streamed in the given pieces. */
export function say(
  pieces: string | readonly string[],
  end: { finish?: Finish; usage?: ChatUsage | null } = {},
): Answer {
  const usage = end.usage === undefined ? USAGE : end.usage;
  const deltas = [pieces].flat().map((content) => chunk({ content }));
  return stream(chunk({ role: 'assistant', content: '' }), ...deltas, ...ending(end.finish ?? 'stop', usage));
}

/** The chunks of tool calls, the arguments of each split into pieces of `size` characters. */
export function callChunks(calls: readonly ToolCallSpec[], size = 7): string[] {
  return calls.flatMap(({ id, name, arguments: text }, index) => [
    chunk({
      tool_calls: [{ index, ...(id === undefined ? {} : { id }), type: 'function', function: { name, arguments: '' } }],
    }),
    ...sse.split(text, size).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
}

/** A complete answer that calls tools. */
export function callTools(calls: readonly ToolCallSpec[], size = 7): Answer {
  const opening = chunk({ role: 'assistant', content: null });
  return stream(opening, ...callChunks(calls, size), ...ending('tool_calls'));
}

/** An error of the protocol; `extra` adds members to it (`code`, `type`). */
export function status(code: number, message: string, extra: object = {}): Answer {
  return raw(code, { 'content-type': 'application/json' }, error(code, message, extra));
}
