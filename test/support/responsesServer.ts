/**
 * A local HTTP server that speaks OpenAI's Responses protocol: typed events, numbered, with items that are added, filled
 * and done, and a last event that holds the whole response.
 */
import { z } from 'zod';
import * as sse from './sseServer';

const message = z
  .strictObject({
    type: z.literal('message'),
    role: z.enum(['system', 'user', 'assistant']),
    content: z.string(),
    phase: z.enum(['commentary', 'final_answer']).optional(),
  })
  .refine(({ role, phase }) => role === 'assistant' || phase === undefined, 'only what an assistant says has a phase');

const item = z.discriminatedUnion('type', [
  message,
  z.strictObject({
    type: z.literal('function_call'),
    call_id: z.string().min(1),
    name: z.string(),
    arguments: z.string(),
  }),
  z.strictObject({ type: z.literal('function_call_output'), call_id: z.string().min(1), output: z.string() }),
  z.strictObject({
    type: z.literal('reasoning'),
    id: z.string(),
    summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })),
    encrypted_content: z.string().min(1),
  }),
]);

const responsesBody = z.strictObject({
  model: z.string(),
  stream: z.literal(true),
  store: z.literal(false),
  include: z.tuple([z.literal('reasoning.encrypted_content')]).optional(),
  input: z.array(item).min(1),
  max_output_tokens: z.number().int().positive(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        name: z.string(),
        description: z.string(),
        parameters: z.looseObject({ type: z.literal('object') }),
        strict: z.literal(false),
      }),
    )
    .optional(),
});
type ResponsesBody = z.infer<typeof responsesBody>;
export type ResponsesServer = sse.SseServer<ResponsesBody>;
export type Answer = sse.Answer<ResponsesBody>;

/** The Responses protocol, as the server needs to know it. It is strict: what OpenAI would refuse, it refuses. */
export const RESPONSES: sse.Protocol<ResponsesBody> = {
  base: '/v1',
  path: '/responses',
  body: responsesBody,
  error: (_status, message, extra = {}) =>
    JSON.stringify({ error: { message, type: 'server_error', param: null, code: null, ...extra } }),
};

/** Starts a server on a free port of the loopback address; its base URL ends in `/v1`. */
export const startResponsesServer = (...script: Answer[]): Promise<ResponsesServer> =>
  sse.startSseServer(RESPONSES, { script });

/** An event of the stream; its number does not matter to anyone here. */
export function event(type: string, members: object = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 0, ...members })}\n\n`;
}

type Part = { readonly type: 'output_text' | 'refusal'; readonly pieces: readonly string[] };
type ToolCall = { readonly id: string; readonly name: string; readonly arguments: string };

/** What a response is made of, in its order. */
export type Output =
  | { readonly kind: 'message'; readonly parts: readonly Part[]; readonly phase?: 'commentary' | 'final_answer' }
  | { readonly kind: 'call'; readonly call: ToolCall; readonly size?: number; readonly status?: 'incomplete' }
  | { readonly kind: 'reasoning'; readonly item: object; readonly summary?: readonly string[] };

export const words = (...pieces: readonly string[]): Output => ({
  kind: 'message',
  parts: [{ type: 'output_text', pieces }],
});

/** The events of one item at its place in the output. */
export function itemEvents(output: Output, index: number): string[] {
  const at = { output_index: index, item_id: `item_${index}` };
  const whole = wholeItem(output, index);
  const added = event('response.output_item.added', { output_index: index, item: openItem(output, index) });
  const done = event('response.output_item.done', { output_index: index, item: whole });
  if (output.kind === 'reasoning') {
    const summary = (output.summary ?? []).map((delta) =>
      event('response.reasoning_summary_text.delta', { ...at, summary_index: 0, delta }),
    );
    return [added, ...summary, done];
  }
  if (output.kind === 'call') {
    const { name, arguments: text } = output.call;
    const deltas = sse.split(text, output.size ?? 7);
    const filled = deltas.map((delta) => event('response.function_call_arguments.delta', { ...at, delta }));
    if (output.status === 'incomplete') return [added, ...filled, done];
    return [added, ...filled, event('response.function_call_arguments.done', { ...at, name, arguments: text }), done];
  }
  return [added, ...output.parts.flatMap((part, n) => partEvents(part, { ...at, content_index: n })), done];
}

function partEvents({ type, pieces }: Part, at: object): string[] {
  const name = type === 'refusal' ? 'response.refusal' : 'response.output_text';
  const member = type === 'refusal' ? 'refusal' : 'text';
  const empty = { type, [member]: '' };
  const whole = { type, [member]: pieces.join('') };
  return [
    event('response.content_part.added', { ...at, part: empty }),
    ...pieces.map((delta) => event(`${name}.delta`, { ...at, delta })),
    event(`${name}.done`, { ...at, [member]: pieces.join('') }),
    event('response.content_part.done', { ...at, part: whole }),
  ];
}

function openItem(output: Output, index: number): object {
  if (output.kind === 'reasoning') return { type: 'reasoning', id: `item_${index}`, summary: [] };
  if (output.kind === 'message') return { ...messageItem(output, index), content: [], status: 'in_progress' };
  return { ...callItem(output.call, index), arguments: '', status: 'in_progress' };
}

function wholeItem(output: Output, index: number): object {
  if (output.kind === 'reasoning') return { type: 'reasoning', id: `item_${index}`, summary: [], ...output.item };
  if (output.kind === 'call') return { ...callItem(output.call, index), status: output.status ?? 'completed' };
  const content = output.parts.map(({ type, pieces }) =>
    type === 'refusal'
      ? { type, refusal: pieces.join('') }
      : { type, text: pieces.join(''), annotations: [], logprobs: [] },
  );
  return { ...messageItem(output, index), content, status: 'completed' };
}

const messageItem = (output: Output & { kind: 'message' }, index: number): object => ({
  type: 'message',
  id: `item_${index}`,
  role: 'assistant',
  ...(output.phase === undefined ? {} : { phase: output.phase }),
});

const callItem = ({ id, name, arguments: text }: ToolCall, index: number): object => ({
  type: 'function_call',
  id: `item_${index}`,
  call_id: id,
  name,
  arguments: text,
});

export const USAGE = {
  input_tokens: 11,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 18,
};

const response = (status: string, members: object = {}): object => ({
  response: { id: 'resp_test', object: 'response', created_at: 1, model: 'test', status, error: null, ...members },
});

/** The events before a model has said anything. */
export const OPENING: readonly string[] = [
  event('response.created', response('in_progress', { output: [] })),
  event('response.in_progress', response('in_progress', { output: [] })),
];

/** The last event of a response that is complete. */
export const completed = (outputs: readonly Output[], usage: object | null = USAGE): string =>
  event('response.completed', response('completed', { output: outputs.map(wholeItem), usage }));

/** The last event of a response that was cut short, and why. */
export const incomplete = (outputs: readonly Output[], reason: string, usage: object | null = USAGE): string =>
  event(
    'response.incomplete',
    response('incomplete', { output: outputs.map(wholeItem), usage, incomplete_details: { reason } }),
  );

/** The last event of a response that failed. */
export const failed = (code: string, message: string): string =>
  event('response.failed', response('failed', { output: [], error: { code, message } }));

/** All events of a complete response. */
export const events = (...outputs: readonly Output[]): string[] => [
  ...OPENING,
  ...outputs.flatMap(itemEvents),
  completed(outputs),
];

/** A complete answer. */
export const respond = (...outputs: readonly Output[]): Answer => sse.stream(...events(...outputs));
