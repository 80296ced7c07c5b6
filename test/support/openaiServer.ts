/**
 * A local HTTP server that speaks the Chat Completions protocol, with streaming and tool calls. Every request is
 * answered by the next step of a script and is recorded.
 *
 * Invariant: a request that is not the protocol, or for which there is no step, is refused with a message that says so.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const chatBody = z.looseObject({
  model: z.string(),
  stream: z.literal(true),
  messages: z.array(z.looseObject({ role: z.enum(['system', 'user', 'assistant', 'tool']) })).min(1),
  tools: z
    .array(z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }))
    .optional(),
});
type ChatBody = z.infer<typeof chatBody>;

/** One request while it is answered. */
export type Exchange = {
  readonly headers: IncomingMessage['headers'];
  readonly body: ChatBody;
  readonly response: ServerResponse;
  /** Resolves when the connection of this exchange is done; true when the client left before the answer was complete. */
  readonly abandoned: Promise<boolean>;
};

/** How a request is answered. */
export type Answer = (exchange: Exchange) => void | Promise<void>;

export type OpenAiServer = {
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  /** Every chat request so far, in order. */
  readonly requests: readonly Exchange[];
  /** Adds answers to the end of the script. */
  answer(...answers: Answer[]): void;
  /** The n-th request (from 0), as soon as it has come. */
  request(n: number): Promise<Exchange>;
  close(): Promise<void>;
};

/** Starts a server on a free port of the loopback address. */
export async function startOpenAiServer(...script: Answer[]): Promise<OpenAiServer> {
  const requests: Exchange[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((incoming, response) => {
    void receive(incoming, response).catch((error: unknown) => sendError(response, 500, String(error)));
  });

  async function receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const abandoned = new Promise<boolean>((resolve) => {
      response.once('close', () => resolve(!response.writableFinished));
    });
    const raw = await text(incoming);
    if (incoming.method !== 'POST' || incoming.url !== '/v1/chat/completions') {
      return sendError(response, 404, `there is nothing at ${incoming.method} ${incoming.url}`);
    }
    const body = chatBody.safeParse(JSON.parse(raw));
    if (!body.success) return sendError(response, 400, `not a streaming chat request: ${body.error.message}`);
    const exchange = { headers: incoming.headers, body: body.data, response, abandoned };
    requests.push(exchange);
    for (const wake of waiting.splice(0)) wake();
    const answer = script.shift();
    if (answer === undefined) return sendError(response, 500, 'the script of the test server has no further answer');
    await answer(exchange);
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    answer: (...answers) => void script.push(...answers),
    async request(n) {
      for (;;) {
        const exchange = requests[n];
        if (exchange !== undefined) return exchange;
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function text(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function sendError(response: ServerResponse, status: number, message: string, extra: object = {}): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ error: { message, type: 'server_error', ...extra } }));
}

type ToolCallSpec = { readonly id?: string; readonly name: string; readonly arguments: string };
type Finish = 'stop' | 'tool_calls' | 'length' | 'content_filter';
type ChatUsage = { prompt_tokens: number; completion_tokens: number };

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

const ending = (finish: Finish, usage: ChatUsage | null): string[] => [
  chunk({}, finish),
  ...(usage === null ? [] : [event({ choices: [], usage })]),
  'data: [DONE]\n\n',
];

/** Opens the stream and writes parts; each is a write of its own, so that borders fall where the test puts them. */
export async function write(response: ServerResponse, parts: readonly (string | Uint8Array)[]): Promise<void> {
  if (!response.headersSent) {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.socket?.setNoDelay(true);
  }
  for (const part of parts) {
    if (response.destroyed) return;
    await new Promise<void>((resolve) => {
      response.write(part, () => setImmediate(resolve));
    });
  }
}

/** A complete stream made of the given parts. */
export function stream(...parts: (string | Uint8Array)[]): Answer {
  return async ({ response }) => {
    await write(response, parts);
    response.end();
  };
}

/** A complete answer in words; the text is streamed in the given pieces. */
export function say(
  pieces: string | readonly string[],
  end: { finish?: Finish; usage?: ChatUsage | null } = {},
): Answer {
  const usage = end.usage === undefined ? USAGE : end.usage;
  const deltas = [pieces].flat().map((content) => chunk({ content }));
  return stream(chunk({ role: 'assistant', content: '' }), ...deltas, ...ending(end.finish ?? 'stop', usage));
}

/** A complete answer that calls tools, the arguments of each split into pieces of `size` characters. */
export function callTools(calls: readonly ToolCallSpec[], size = 7): Answer {
  const fragments = calls.flatMap(({ id, name, arguments: text }, index) => [
    chunk({
      tool_calls: [{ index, ...(id === undefined ? {} : { id }), type: 'function', function: { name, arguments: '' } }],
    }),
    ...split(text, size).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
  return stream(chunk({ role: 'assistant', content: null }), ...fragments, ...ending('tool_calls', USAGE));
}

function split(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
}

/** An error of the protocol; `extra` adds members to it (`code`, `type`). */
export function status(code: number, message: string, extra: object = {}): Answer {
  return ({ response }) => sendError(response, code, message, extra);
}

/** Any complete HTTP answer. */
export function raw(code: number, headers: Record<string, string>, body: string): Answer {
  return ({ response }) => {
    response.writeHead(code, headers);
    response.end(body);
  };
}

/** Never answers at all. */
export const hang: Answer = () => {};

/** Sends the parts of a stream, then nothing, and keeps the connection open. */
export function stallAfter(...parts: string[]): Answer {
  return ({ response }) => write(response, parts);
}

/** Sends the parts of a stream, then cuts the connection. */
export function breakAfter(...parts: string[]): Answer {
  return async ({ response }) => {
    await write(response, parts);
    response.destroy();
  };
}
