/** What the tests of adapters over HTTP share: a server for each case, and ways to see what goes over the wire, and when. */
import { expect, test, vi } from 'vitest';
import type { Model } from '../../src/core/ports/model';
import { createTransport, type Transport } from '../../src/node/models/shared/transport';
import { type Answer, raw, type SseServer } from '../support/sseServer';
import type { At, Dialect } from './dialect';
import { cleanups, fail } from './modelHarness';

export const JSON_TYPE = { 'content-type': 'application/json' };
export const KEY = 'sk-canary-1234567890';
export const linuxOnly = test.skipIf(process.platform !== 'linux');

/** The servers and models of one protocol; each server is closed at the end of its test. */
export function live(dialect: Dialect) {
  async function serving(...answers: Answer[]): Promise<SseServer> {
    const server = await dialect.start();
    cleanups.push(() => server.close());
    server.answer(...answers);
    return server;
  }

  const modelAt = (server: { readonly baseUrl: string }, at: Partial<At> = {}): Model =>
    dialect.model({ baseUrl: server.baseUrl, ...at });

  /** The failure of a model whose server answers so, once. */
  async function failing(answer: Answer, at: Partial<At> = {}) {
    const server = await serving(answer);
    const failure = await fail(modelAt(server, at));
    expect(server.requests).toHaveLength(1);
    return { ...failure, server };
  }

  /** An error as the protocol writes it. */
  const error = (status: number, message: string, headers: Record<string, string> = {}): Answer =>
    raw(status, { ...JSON_TYPE, ...headers }, dialect.errorBody(status, message));

  const whole = dialect.reply({ text: ['whole'] }) ?? [];
  return { serving, modelAt, failing, error, someText: dialect.text('so far'), whole };
}

/** A promise and what resolves it. */
export function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A transport that says when so many bytes of a body have been read. */
export function tapped(bytes: number): { transport: Transport; read: Promise<void> } {
  const inner = createTransport({ proxy: { kind: 'none' }, connectMs: 5_000 });
  const { promise: read, resolve } = deferred();
  let seen = 0;
  const count = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk);
      seen += chunk.byteLength;
      if (seen >= bytes) setImmediate(resolve);
    },
  });
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const { body, status, headers } = await inner.fetch(input, init);
    return new Response(body?.pipeThrough(count) ?? null, { status, headers });
  };
  return { transport: { fetch }, read };
}

export const lengthOf = (parts: readonly string[]): number => Buffer.byteLength(parts.join(''));

/** Lets time pass for timers alone, until this has settled; what comes over the network is waited for as long as it takes. */
export async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let settled = false;
  const end = work.finally(() => {
    settled = true;
  });
  end.catch(() => {});
  for (;;) {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (settled) return end;
    vi.advanceTimersByTime(ms);
  }
}
