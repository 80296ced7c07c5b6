import { appendFile, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { BlobChanged } from '../../../../src/core/ports/blobChanged';
import { openBlobs } from '../../../../src/node/store/blobs';
import { sha256 } from '../../../../src/node/system/sha256';

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'openexec-blobs-'));
});
afterEach(() => {
  vi.useRealTimers();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const text = 'the same line again and again\n'.repeat(1000);
const bytes = new TextEncoder().encode(text);
const address = sha256(bytes);

function place(): { root: string; file: string } {
  made += 1;
  const root = path.join(folder, `blobs-${made}`);
  return { root, file: path.join(root, address.slice(0, 2), address) };
}

describe('blobs on disk', () => {
  it('lie compressed under aa/<sha256>, with nothing else beside them', async () => {
    const { root, file } = place();
    await openBlobs(root, sha256).put(bytes, 'text/plain');
    expect(await readdir(path.dirname(file))).toEqual([address]);
    expect((await stat(file)).size).toBeLessThan(bytes.length / 10);
  });

  it('are found again by another store', async () => {
    const { root } = place();
    await openBlobs(root, sha256).put(bytes, 'text/plain');
    expect(Buffer.from(await openBlobs(root, sha256).get(address)).toString()).toBe(text);
  });

  it('are written once', async () => {
    const { root, file } = place();
    await openBlobs(root, sha256).put(bytes, 'text/plain');
    const before = await stat(file);
    await openBlobs(root, sha256).put(bytes, 'text/plain');
    expect((await stat(file)).ino).toBe(before.ino);
  });

  it.each<[string, (stored: Buffer) => Buffer]>([
    ['cut', (stored) => stored.subarray(0, stored.length - 4)],
    ['emptied', () => Buffer.alloc(0)],
    ['exchanged for others', () => deflateSync('something else')],
    ['no longer compressed', () => Buffer.from(text)],
  ])('whose bytes were %s count as missing, and are healed by putting them again', async (_case, spoil) => {
    const { root, file } = place();
    await openBlobs(root, sha256).put(bytes, 'text/plain');
    await writeFile(file, spoil(await readFile(file)));
    const blobs = openBlobs(root, sha256);
    await expect(blobs.get(address)).rejects.toMatchObject({
      code: 'blob_missing',
      message: expect.stringContaining(address),
    });
    await blobs.put(bytes, 'text/plain');
    expect(Buffer.from(await blobs.get(address)).toString()).toBe(text);
  });

  it('that cannot be written are a disk failure, and are tried again the next time', async () => {
    const { root } = place();
    await writeFile(root, 'a file where the folder should be');
    const blobs = openBlobs(root, sha256);
    await expect(blobs.put(bytes, 'text/plain')).rejects.toMatchObject({ code: 'disk_failure' });
    await rm(root);
    await blobs.put(bytes, 'text/plain');
    expect((await blobs.get(address)).length).toBe(bytes.length);
  });

  it('that are put again later are looked at again: made young, or stored anew when they are gone', async () => {
    const { root, file } = place();
    const blobs = openBlobs(root, sha256);
    await blobs.put(bytes, 'text/plain');
    const old = new Date(Date.now() - 48 * 60 * 60 * 1000);
    await utimes(file, old, old);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 60 * 60 * 1000 });
    await blobs.put(bytes, 'text/plain');
    expect((await stat(file)).mtimeMs).toBeGreaterThan(old.getTime() + 47 * 60 * 60 * 1000);
    await rm(file);
    vi.setSystemTime(Date.now() + 2 * 60 * 60 * 1000);
    await blobs.put(bytes, 'text/plain');
    expect((await blobs.get(address)).length).toBe(bytes.length);
  });

  it('that go on after their end are changed, for bytes could hide there', async () => {
    const { root, file } = place();
    const blobs = openBlobs(root, sha256);
    await blobs.put(bytes, 'text/plain');
    await appendFile(file, 'hidden');
    await expect(blobs.get(address)).rejects.toThrow(BlobChanged);
    await expect(blobs.get(address)).rejects.toThrow('goes on after its end');
  });
});
