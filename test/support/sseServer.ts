/**
 * A local HTTP server for the protocols of models: every request is answered by the next step of a script and is recorded.
 * What is common to all of them is here; what a protocol says is in `openaiServer.ts` and its siblings.
 *
 * Invariant: a request that is not the protocol, or for which there is no step, is refused with a message that says so.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';

/** One request while it is answered. */
type Exchange<Body = unknown> = {
  readonly headers: IncomingMessage['headers'];
  readonly body: Body;
  readonly response: ServerResponse;
  /** Resolves when the connection of this exchange is done; true when the client left before the answer was complete. */
  readonly abandoned: Promise<boolean>;
};

/** How a request is answered. */
export type Answer<Body = unknown> = (exchange: Exchange<Body>) => void | Promise<void>;

export type SseServer<Body = unknown> = {
  /** `http://127.0.0.1:PORT`, and the folder of the protocol. */
  readonly baseUrl: string;
  /** Every request of the protocol so far, in order. */
  readonly requests: readonly Exchange<Body>[];
  /** Adds answers to the end of the script. */
  answer(...answers: Answer<Body>[]): void;
  /** The n-th request (from 0), as soon as it has come. */
  request(n: number): Promise<Exchange<Body>>;
  close(): Promise<void>;
};

export type Protocol<Body> = {
  /** The folder that belongs to the base URL, such as `/v1`; may be empty. */
  readonly base: string;
  /** Where requests go below it, such as `/chat/completions`. */
  readonly path: string;
  readonly body: z.ZodType<Body>;
  /** The text of an error as the protocol writes it. */
  readonly error: (status: number, message: string, extra?: object) => string;
};

export type Certificate = { readonly key: string; readonly cert: string };

/** Starts a server on a free port of the loopback address; with a certificate it speaks HTTPS. */
export async function startSseServer<Body>(
  protocol: Protocol<Body>,
  options: { readonly script?: readonly Answer<Body>[]; readonly tls?: Certificate } = {},
): Promise<SseServer<Body>> {
  const script = [...(options.script ?? [])];
  const requests: Exchange<Body>[] = [];
  const waiting: (() => void)[] = [];
  const refuse = (response: ServerResponse, status: number, message: string): void => {
    if (response.headersSent) return void response.destroy();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(protocol.error(status, message));
  };
  const listen = (incoming: IncomingMessage, response: ServerResponse): void => {
    void receive(incoming, response).catch((error: unknown) => refuse(response, 500, String(error)));
  };
  const server = options.tls === undefined ? createServer(listen) : createTlsServer(options.tls, listen);

  async function receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const abandoned = new Promise<boolean>((resolve) => {
      response.once('close', () => resolve(!response.writableFinished));
    });
    const raw = await text(incoming);
    const [path] = (incoming.url ?? '').split('?');
    if (incoming.method !== 'POST' || path !== `${protocol.base}${protocol.path}`) {
      return refuse(response, 404, `there is nothing at ${incoming.method} ${incoming.url}`);
    }
    const body = protocol.body.safeParse(JSON.parse(raw));
    if (!body.success) return refuse(response, 400, `not a request of this protocol: ${body.error.message}`);
    const exchange = { headers: incoming.headers, body: body.data, response, abandoned };
    requests.push(exchange);
    for (const wake of waiting.splice(0)) wake();
    const answer = script.shift();
    if (answer === undefined) return refuse(response, 500, 'the script of the test server has no further answer');
    await answer(exchange);
  }

  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}${protocol.base}`,
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

/** Opens the stream and writes parts; each is a write of its own, so that borders fall where the test puts them. */
async function write(response: ServerResponse, parts: readonly (string | Uint8Array)[]): Promise<void> {
  if (!response.headersSent) {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.socket?.setNoDelay(true);
    response.flushHeaders();
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

/** Any complete HTTP answer. */
export function raw(code: number, headers: Record<string, string>, body: string): Answer {
  return ({ response }) => {
    response.writeHead(code, headers);
    response.end(body);
  };
}

/** The head of an answer and the beginning of its body, then nothing; the connection stays open. */
export function rawThenHang(code: number, headers: Record<string, string>, body: string): Answer {
  return ({ response }) => {
    response.writeHead(code, headers);
    response.write(body);
  };
}

/** Never answers at all. */
export const hang: Answer = () => {};

/** Cuts the connection before a byte of an answer. */
export const cut: Answer = ({ response }) => void response.destroy();

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

/** A text in pieces of so many characters. */
export function split(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size));
}
