import { describe, expect, it } from 'vitest';
import { externalizeBody, inlineEvent } from '../../../../src/core/events/externalize';
import { INLINE_LIMIT } from '../../../../src/core/events/payload';
import type { EventBody } from '../../../../src/core/events/schema';
import { sha256 } from '../../../../src/node/system/sha256';
import { chain, nodeStarted, origin, toolRequested } from '../../../support/eventChain';
import { memoryBlobs } from '../../../support/memoryBlobs';

const inputOf = (body: { data: unknown }): unknown => (body.data as { input: unknown }).input;

describe('externalising a body', () => {
  it('leaves text of up to 8 KiB where it is, and the body itself untouched', async () => {
    const blobs = memoryBlobs();
    const body = toolRequested('c', 'x'.repeat(INLINE_LIMIT));
    expect(await externalizeBody(body, blobs)).toBe(body);
    expect(blobs.content.size).toBe(0);
  });

  it('puts one byte more into a blob', async () => {
    const blobs = memoryBlobs();
    const text = 'x'.repeat(INLINE_LIMIT + 1);
    const stored = await externalizeBody(toolRequested('c', text), blobs);
    expect(inputOf(stored)).toEqual({ blob: sha256(text), bytes: INLINE_LIMIT + 1, media: 'text/plain' });
  });

  it('measures bytes of UTF-8, not characters', async () => {
    const blobs = memoryBlobs();
    const text = 'ü'.repeat(INLINE_LIMIT / 2);
    expect(inputOf(await externalizeBody(toolRequested('c', text), blobs))).toBe(text);
    expect(inputOf(await externalizeBody(toolRequested('c', `${text}ü`), blobs))).toMatchObject({
      bytes: INLINE_LIMIT + 2,
    });
  });

  it('reaches payloads deep inside, and stores equal ones once', async () => {
    const blobs = memoryBlobs();
    const text = 'long '.repeat(3000);
    const body: EventBody = {
      type: 'model.requested',
      data: {
        turn: 0,
        retry: 0,
        delayMs: 0,
        provider: 'p',
        model: 'm',
        conversation: {
          parent: sha256(''),
          hash: sha256('c'),
          added: [
            { role: 'user', content: text },
            { role: 'assistant', content: 'short', toolCalls: [{ id: 'c', name: 'write_file', arguments: text }] },
          ],
        },
        tools: [],
        signature: sha256('s'),
      },
    };
    const [event] = chain('r', [await externalizeBody(body, blobs)]);
    if (event === undefined) throw new Error('an event');
    expect(blobs.content.size).toBe(1);
    expect((await inlineEvent(event, blobs)).data).toEqual(body.data);
    expect(JSON.stringify(event).length).toBeLessThan(2000);
  });

  it('gives back a byte order mark, and anything else that is text, as it was', async () => {
    const blobs = memoryBlobs();
    const text = `\uFEFF${'🙂\u0000\r\n'.repeat(5000)}`;
    const [event] = chain('r', [await externalizeBody(toolRequested('c', text), blobs)]);
    if (event === undefined) throw new Error('an event');
    const inlined = await inlineEvent(event, blobs);
    expect(inputOf(inlined)).toBe(text);
    expect(inlined.hash).toBe(event.hash);
  });

  it('refuses what cannot be stored as it is', async () => {
    const half = `${'x'.repeat(INLINE_LIMIT)}\ud800`;
    await expect(externalizeBody(toolRequested('c', half), memoryBlobs())).rejects.toMatchObject({ code: 'internal' });
    const place = nodeStarted('n');
    const long = { ...place, data: { ...place.data, does: 'x'.repeat(INLINE_LIMIT + 1) } } as EventBody;
    await expect(externalizeBody(long, memoryBlobs())).rejects.toMatchObject({ code: 'event_invalid' });
  });

  it('says which payload is gone, or is no text', async () => {
    const blobs = memoryBlobs();
    const bytes = Uint8Array.of(0xff, 0xfe);
    const notText = await blobs.put(bytes, 'text/plain');
    const gone = { blob: sha256('gone'), bytes: 4, media: 'text/plain' };
    for (const ref of [gone, notText]) {
      const [event] = chain('r', [origin(ref)]);
      if (event === undefined) throw new Error('an event');
      await expect(inlineEvent(event, blobs)).rejects.toMatchObject({
        code: 'blob_missing',
        message: expect.stringContaining(ref.blob),
      });
    }
  });
});
