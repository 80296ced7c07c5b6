import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Blobs } from '../../src/core/ports/eventLog';
import { openBlobs } from '../../src/node/store/blobs';
import { sha256 } from '../../src/node/system/sha256';
import { memoryBlobs } from '../support/memoryBlobs';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function onDisk(): Promise<Blobs> {
  const folder = await mkdtemp(path.join(tmpdir(), 'openexec-blobs-'));
  folders.push(folder);
  return openBlobs(path.join(folder, 'blobs'), sha256);
}

describe.each([
  ['on disk', onDisk],
  ['in memory', async () => memoryBlobs()],
])('blobs %s', (_name, make: () => Promise<Blobs>) => {
  it('give back the bytes that were put, under the SHA-256 of these bytes', async () => {
    const blobs = await make();
    const bytes = new TextEncoder().encode('grüße '.repeat(5000));
    const ref = await blobs.put(bytes, 'text/plain');
    expect(ref).toEqual({ blob: sha256(bytes), bytes: bytes.length, media: 'text/plain' });
    expect(Buffer.from(await blobs.get(ref.blob)).equals(bytes)).toBe(true);
  });

  it('keep bytes that are no text, and no bytes at all', async () => {
    const blobs = await make();
    for (const bytes of [Uint8Array.from({ length: 512 }, (_, i) => i % 256), new Uint8Array()]) {
      const ref = await blobs.put(bytes, 'application/octet-stream');
      expect(Buffer.from(await blobs.get(ref.blob)).equals(bytes)).toBe(true);
    }
  });

  it('take the same bytes many times at once', async () => {
    const blobs = await make();
    const bytes = new TextEncoder().encode('x'.repeat(10_000));
    const refs = await Promise.all(Array.from({ length: 20 }, () => blobs.put(bytes, 'text/plain')));
    expect(new Set(refs.map((ref) => ref.blob)).size).toBe(1);
    expect((await blobs.get(sha256(bytes))).length).toBe(10_000);
  });

  it('do not change what was put when the caller goes on to use its buffer', async () => {
    const blobs = await make();
    const bytes = new TextEncoder().encode('before');
    const ref = await blobs.put(bytes, 'text/plain');
    bytes.fill(0);
    expect(Buffer.from(await blobs.get(ref.blob)).toString()).toBe('before');
  });

  it.each([
    ['an address that was never put', sha256('never')],
    ['what is no address', '../../etc/passwd'],
  ])('refuse %s as missing', async (_case, address) => {
    await expect((await make()).get(address)).rejects.toMatchObject({ code: 'blob_missing' });
  });
});
