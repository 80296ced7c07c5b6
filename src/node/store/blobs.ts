/**
 * Blobs on disk: `aa/<sha256>`, compressed (zlib), shared by all runs. The address is of the uncompressed bytes; what is
 * read is always checked against it.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { BlobRef } from '../../core/events/payload';
import { isOpenExecError, OpenExecError } from '../../core/kernel/errors';
import { type Sha256, sha256Schema } from '../../core/kernel/hash';
import type { Blobs } from '../../core/ports/eventLog';
import { makeFolder, writeDurably } from '../system/durable';

const compress = promisify(deflate);
const expand = promisify<Uint8Array, { maxOutputLength: number }, Buffer>(inflate);

/** No blob is larger; keeps a file that was tampered with from unpacking without end. */
const MAX_BYTES = 512 * 1024 * 1024;

/** The blobs below a folder, which need not exist yet. */
export function openBlobs(folder: string, hash: Sha256): Blobs {
  /** Addresses that are being stored or are known to be sound in this process. */
  const stored = new Map<string, Promise<void>>();
  const fileOf = (sha256: string): string => path.join(folder, sha256.slice(0, 2), sha256);

  async function get(sha256: string): Promise<Uint8Array> {
    if (!sha256Schema.safeParse(sha256).success) throw missing(String(sha256), 'is not the address of a blob');
    let bytes: Uint8Array;
    try {
      bytes = await expand(await readFile(fileOf(sha256)), { maxOutputLength: MAX_BYTES });
    } catch (cause) {
      throw missing(sha256, `cannot be read in ${folder}`, cause);
    }
    if (hash(bytes) !== sha256) throw missing(sha256, `in ${folder} is not what its address says`);
    return bytes;
  }

  async function store(sha256: string, bytes: Uint8Array): Promise<void> {
    try {
      // What is there may have been damaged; the right bytes are at hand, so that writing them again heals it.
      await get(sha256);
      return;
    } catch (error) {
      if (!isOpenExecError(error, 'blob_missing')) throw error;
    }
    const file = fileOf(sha256);
    await makeFolder(path.dirname(file));
    await writeDurably(file, await compress(bytes));
  }

  return {
    get,
    async put(bytes, media): Promise<BlobRef> {
      if (bytes.length > MAX_BYTES)
        throw new OpenExecError('disk_failure', `${bytes.length} bytes are too many for a blob`);
      const sha256 = hash(bytes);
      let storing = stored.get(sha256);
      if (storing === undefined) {
        storing = store(sha256, bytes);
        stored.set(sha256, storing);
        storing.catch(() => stored.delete(sha256));
      }
      await storing;
      return { blob: sha256, bytes: bytes.length, media };
    },
  };
}

const missing = (sha256: string, what: string, cause?: unknown): OpenExecError =>
  new OpenExecError('blob_missing', `blob ${sha256} ${what}`, { cause });
