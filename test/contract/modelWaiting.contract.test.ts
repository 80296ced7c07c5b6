/** Servers that are slow, and requests that are given up, at every point of an exchange and over each of the protocols. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTransport, type Transport } from '../../src/node/models/shared/transport';
import { startFullSocket } from '../support/fullSocket';
import { type Answer, hang, rawThenHang, stallAfter } from '../support/sseServer';
import type { At } from './dialect';
import { DIALECTS } from './dialects/all';
import { deferred, inTime, JSON_TYPE, lengthOf, linuxOnly, live, tapped } from './live';
import { cleanups, fail, REQUEST, reply } from './modelHarness';

describe.each(DIALECTS)('every model over HTTP: $name', (dialect) => {
  const { serving, modelAt, someText, whole } = live(dialect);

  describe('a server that is slow', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
    afterEach(() => void vi.useRealTimers());

    /** Asks, waits until the server has been asked and so much of its answer has been read, and lets time pass. */
    async function stalled(answer: Answer, parts: readonly string[], limits: At['limits'], step: number) {
      const server = await serving(answer);
      const { transport, read } = tapped(lengthOf(parts));
      const work = fail(modelAt(server, { transport, ...(limits === undefined ? {} : { limits }) }));
      const exchange = await server.request(0);
      if (parts.length > 0) await read;
      const failure = await inTime(work, step);
      expect(await exchange.abandoned).toBe(true);
      return failure;
    }

    test('to answer at all', async () => {
      const failure = await stalled(hang, [], { firstTokenMs: 5_000 }, 5_000);
      expect(failure).toMatchObject({ code: 'stalled', retryable: true });
      expect(failure.message).toContain('sent no token within 5 s');
    });

    test('to say a first token, though the stream is open', async () => {
      const limits = { firstTokenMs: 5_000, stallMs: 1_000 };
      const failure = await stalled(stallAfter(...dialect.opening), dialect.opening, limits, 5_000);
      expect(failure.message).toContain('sent no token within 5 s');
    });

    test.each([
      ['in the middle of a text', [...dialect.opening, ...someText]],
      ['in the middle of a tool call', [...dialect.opening, ...dialect.halfCall]],
    ])('%s', async (_where, parts) => {
      const limits = { firstTokenMs: 1_000_000, stallMs: 50 };
      const failure = await stalled(stallAfter(...parts), parts, limits, 50);
      expect(failure).toMatchObject({ code: 'stalled', retryable: true });
      expect(failure.message).toContain('went silent for 0.05 s');
    });

    test('to end an error it began', async () => {
      const begun = '{"error"';
      const failure = await stalled(rawThenHang(500, JSON_TYPE, begun), [begun], { firstTokenMs: 5_000 }, 5_000);
      expect(failure.retryable).toBe(true);
    });

    test('to come to an end within the time that is left to the step', async () => {
      const server = await serving(stallAfter(...dialect.opening, ...someText));
      const options = { signal: new AbortController().signal, onDelta: () => {}, limitMs: 5_000 };
      const work = modelAt(server).invoke(REQUEST, options);
      await server.request(0);
      expect(await inTime(work, 5_000)).toMatchObject({ kind: 'failure', code: 'stalled', retryable: false });
    });

    test('after a reply that was complete has said all there is', async () => {
      const server = await serving(stallAfter(...whole));
      const { transport, read } = tapped(lengthOf(whole));
      const work = reply(modelAt(server, { transport, limits: { stallMs: 50 } }));
      await read;
      expect((await inTime(work, 50)).text).toBe('whole');
    });
  });

  describe('cancellation really ends the request', () => {
    test.each<[string, readonly string[]]>([
      ['after the stream was opened', dialect.opening],
      ['in the middle of a text', [...dialect.opening, ...someText]],
      ['in the middle of a tool call', [...dialect.opening, ...dialect.halfCall]],
    ])('%s', async (_where, parts) => {
      const server = await serving(stallAfter(...parts));
      const { transport, read } = tapped(lengthOf(parts));
      const stop = new AbortController();
      const failing = fail(modelAt(server, { transport }), stop.signal);
      await read;
      stop.abort();
      expect(await failing).toMatchObject({ code: 'cancelled', retryable: false });
      expect(await (await server.request(0)).abandoned).toBe(true);
    });

    test('in the middle of an error', async () => {
      const server = await serving(rawThenHang(500, JSON_TYPE, '{"error"'));
      const { transport, read } = tapped('{"error"'.length);
      const stop = new AbortController();
      const failing = fail(modelAt(server, { transport }), stop.signal);
      await read;
      stop.abort();
      expect(await failing).toMatchObject({ code: 'cancelled', retryable: false });
      expect(await (await server.request(0)).abandoned).toBe(true);
    });

    test('before the first byte of an answer', async () => {
      const server = await serving(hang);
      const stop = new AbortController();
      const failing = fail(modelAt(server), stop.signal);
      const exchange = await server.request(0);
      stop.abort();
      expect(await failing).toMatchObject({ code: 'cancelled', retryable: false });
      expect(await exchange.abandoned).toBe(true);
    });

    linuxOnly('while the connection is made', async () => {
      const full = await startFullSocket();
      cleanups.push(() => full.close());
      const stop = new AbortController();
      const { transport, asked } = watched();
      const failing = fail(modelAt({ baseUrl: `http://127.0.0.1:${full.port}/v1` }, { transport }), stop.signal);
      await asked;
      stop.abort();
      expect(await failing).toMatchObject({ code: 'cancelled', retryable: false });
    });

    function watched(): { transport: Transport; asked: Promise<void> } {
      const inner = createTransport({ proxy: { kind: 'none' }, connectMs: 60_000 });
      const { promise: asked, resolve } = deferred();
      const fetch: typeof globalThis.fetch = (input, init) => {
        setImmediate(resolve);
        return inner.fetch(input, init);
      };
      return { transport: { fetch }, asked };
    }

    test('when a listener of the stream throws, the bug is not hidden and the connection is let go', async () => {
      const server = await serving(stallAfter(...dialect.opening, ...someText));
      const onDelta = () => {
        throw new Error('a bug in the listener');
      };
      const invocation = modelAt(server).invoke(REQUEST, { signal: new AbortController().signal, onDelta });
      await expect(invocation).rejects.toThrow('a bug in the listener');
      expect(await (await server.request(0)).abandoned).toBe(true);
    });
  });
});
