/**
 * A local HTTP server that speaks Anthropic's Messages protocol: typed events, with blocks that are started, filled and
 * stopped. It is strict: what Anthropic would refuse, it refuses with a message.
 */
import { z } from 'zod';
import * as sse from './sseServer';

const mark = z.strictObject({ type: z.literal('ephemeral') }).optional();
const visible = z.string().regex(/\S/, 'text content blocks must contain non-whitespace text');
const apiId = z.string().regex(/^[a-zA-Z0-9_-]+$/);

const text = z.strictObject({ type: z.literal('text'), text: visible, cache_control: mark });
const thinking = z.strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string().min(1) });
const redacted = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string().min(1) });
const toolUse = z.strictObject({
  type: z.literal('tool_use'),
  id: apiId,
  name: apiId,
  input: z.record(z.string(), z.unknown()),
});
const toolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: apiId,
  content: z.array(text).min(1).optional(),
  cache_control: mark,
});

const userTurn = z.strictObject({
  role: z.literal('user'),
  content: z.array(z.discriminatedUnion('type', [text, toolResult])).min(1),
});
const assistantTurn = z.strictObject({
  role: z.literal('assistant'),
  content: z
    .array(z.discriminatedUnion('type', [text, thinking, redacted, toolUse]))
    .min(1)
    .refine((blocks) => !/thinking/.test(blocks.at(-1)?.type ?? ''), 'the final block must not be `thinking`'),
});

const messagesBody = z
  .strictObject({
    model: z.string(),
    max_tokens: z.number().int().positive(),
    stream: z.literal(true),
    system: z.array(text).min(1).optional(),
    messages: z.array(z.discriminatedUnion('role', [userTurn, assistantTurn])).min(1),
    tools: z
      .array(
        z.strictObject({
          name: apiId,
          description: z.string(),
          input_schema: z.looseObject({ type: z.literal('object') }),
          cache_control: mark,
        }),
      )
      .min(1)
      .optional(),
    thinking: z
      .union([
        z.strictObject({ type: z.enum(['adaptive', 'disabled']) }),
        z.strictObject({ type: z.literal('enabled'), budget_tokens: z.number().int().min(1024) }),
      ])
      .optional(),
  })
  .superRefine((body, context) => {
    const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
    const marks = JSON.stringify(body).split('"cache_control":').length - 1;
    if (marks > 4) refuse(`a maximum of 4 blocks with cache_control may be provided, found ${marks}`);
    if (body.messages[0]?.role !== 'user') refuse('the first message must be of the user');
    const budget = body.thinking?.type === 'enabled' ? body.thinking.budget_tokens : null;
    if (budget !== null && budget >= body.max_tokens) refuse('max_tokens must be greater than thinking.budget_tokens');
    for (const [at, turn] of body.messages.entries()) {
      const next = body.messages[at + 1];
      if (turn.role === next?.role) refuse('two turns of the same role');
      if (turn.role !== 'assistant') continue;
      const called = turn.content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
      const leading = next?.content.slice(0, called.length) ?? [];
      const answered = leading.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
      if (String(called) !== String(answered)) refuse('tool_use ids were found without tool_result blocks right after');
      const isLast = !body.messages.slice(at + 1).some(({ role }) => role === 'assistant');
      if (budget !== null && isLast && called.length > 0 && !/thinking/.test(turn.content[0]?.type ?? '')) {
        refuse('Expected `thinking` or `redacted_thinking`, but found `tool_use`');
      }
    }
  });
export type MessagesBody = z.infer<typeof messagesBody>;
export type AnthropicServer = sse.SseServer<MessagesBody>;
export type Answer = sse.Answer<MessagesBody>;

const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** The body of an error; its type is that of the status unless told otherwise. */
export function errorBody(status: number, message: string, type = TYPES[status] ?? 'api_error'): string {
  return JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_test' });
}

/** The Messages protocol, as the server needs to know it. */
export const MESSAGES: sse.Protocol<MessagesBody> = {
  base: '',
  path: '/v1/messages',
  body: messagesBody,
  error: (status, message, extra = {}) => errorBody(status, message, (extra as { type?: string }).type),
};

/** Starts a server on a free port of the loopback address. */
export const startAnthropicServer = (...script: Answer[]): Promise<AnthropicServer> =>
  sse.startSseServer(MESSAGES, { script });

/** An event of the stream. */
export const event = (type: string, members: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;

export const USAGE = {
  input_tokens: 11,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 1,
};

/** The events that open a stream before a model has said anything. */
export const opening = (usage: object | null = USAGE): string[] => [
  event('message_start', {
    message: {
      id: 'msg_test',
      type: 'message',
      role: 'assistant',
      model: 'test',
      content: [],
      stop_reason: null,
      stop_sequence: null,
      ...(usage === null ? {} : { usage }),
    },
  }),
  event('ping'),
];

/** The last events of a complete stream. */
export const ending = (stop: string, usage: object | null = { output_tokens: 7 }): string[] => [
  event('message_delta', {
    delta: { stop_reason: stop, stop_sequence: null },
    ...(usage === null ? {} : { usage }),
  }),
  event('message_stop'),
];

/** What a reply is made of, in its order. */
export type Block =
  | { readonly type: 'text'; readonly pieces: readonly string[] }
  | { readonly type: 'thinking'; readonly pieces: readonly string[]; readonly signature: string }
  | { readonly type: 'redacted_thinking'; readonly data: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly arguments: string;
      readonly size?: number;
    };

/** The events of one block at its place in the reply. */
export function blockEvents(block: Block, index: number): string[] {
  const start = (content_block: object): string => event('content_block_start', { index, content_block });
  const delta = (members: object): string => event('content_block_delta', { index, delta: members });
  const stop = event('content_block_stop', { index });
  switch (block.type) {
    case 'text':
      return [
        start({ type: 'text', text: '' }),
        ...block.pieces.map((piece) => delta({ type: 'text_delta', text: piece })),
        stop,
      ];
    case 'thinking':
      return [
        start({ type: 'thinking', thinking: '', signature: '' }),
        ...block.pieces.map((piece) => delta({ type: 'thinking_delta', thinking: piece })),
        delta({ type: 'signature_delta', signature: block.signature }),
        stop,
      ];
    case 'redacted_thinking':
      return [start(block), stop];
    case 'tool_use':
      return [
        start({ type: 'tool_use', id: block.id, name: block.name, input: {} }),
        delta({ type: 'input_json_delta', partial_json: '' }),
        ...sse
          .split(block.arguments, block.size ?? 7)
          .map((piece) => delta({ type: 'input_json_delta', partial_json: piece })),
        stop,
      ];
  }
}

/** All events of a complete reply. */
export function events(blocks: readonly Block[], stop: string): string[] {
  return [...opening(), ...blocks.flatMap(blockEvents), ...ending(stop)];
}

/** A complete answer. */
export const respond = (blocks: readonly Block[], stop = 'end_turn'): Answer => sse.stream(...events(blocks, stop));
