/**
 * Blobs on disk: `aa/<sha256>`, compressed (zlib), shared by all runs. The address is of the uncompressed bytes; what is
 * read is always checked against it.
 */
import { readFile, utimes } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { BlobRef } from '../../core/events/payload';
import { isOpenExecError, OpenExecError } from '../../core/kernel/errors';
import { type Sha256, sha256Schema } from '../../core/kernel/hash';
import { BlobChanged } from '../../core/ports/blobChanged';
import type { Blobs } from '../../core/ports/eventLog';
import { makeFolder, writeDurably } from '../system/durable';

const compress = promisify(deflate);
/** With `info` zlib answers how much of its input it took, too; the types do not know that. */
const expand = promisify(inflate as unknown as Inflate);
type Inflate = (
  packed: Uint8Array,
  options: { info: true; maxOutputLength: number },
  done: (error: Error | null, unpacked: { buffer: Buffer; engine: { bytesWritten: number } }) => void,
) => void;

/** No blob is larger; keeps a file that was tampered with from unpacking without end. */
const MAX_BYTES = 512 * 1024 * 1024;

/** How long an address counts as stored without another look. Far below the age at which retention may take a blob. */
const TRUSTED_MS = 60 * 60 * 1000;
/** How many addresses are remembered. */
const REMEMBERED = 4096;

export const blobFile = (folder: string, sha256: string): string => path.join(folder, sha256.slice(0, 2), sha256);

/** The blobs below a folder, which need not exist yet. */
export function openBlobs(folder: string, hash: Sha256): Blobs {
  /** Addresses that are being stored or were found sound in this process a short while ago. */
  const stored = new Map<string, { readonly since: number; readonly storing: Promise<void> }>();
  const fileOf = (sha256: string): string => blobFile(folder, sha256);

  async function get(sha256: string): Promise<Uint8Array> {
    if (!sha256Schema.safeParse(sha256).success) throw missing(String(sha256), 'is not the address of a blob');
    let packed: Uint8Array;
    try {
      packed = await readFile(fileOf(sha256));
    } catch (cause) {
      throw missing(sha256, `cannot be read in ${folder}`, cause);
    }
    let unpacked: { buffer: Buffer; engine: { bytesWritten: number } };
    try {
      unpacked = await expand(packed, { info: true, maxOutputLength: MAX_BYTES });
    } catch (cause) {
      throw new BlobChanged(`blob ${sha256} in ${folder} cannot be unpacked`, { cause });
    }
    const { buffer: bytes, engine } = unpacked;
    if (engine.bytesWritten !== packed.length)
      throw new BlobChanged(`blob ${sha256} in ${folder} goes on after its end`);
    if (hash(bytes) !== sha256) throw new BlobChanged(`blob ${sha256} in ${folder} is not what its address says`);
    return bytes;
  }

  async function store(sha256: string, bytes: Uint8Array): Promise<void> {
    const now = new Date();
    // Made young before it is looked at, so that retention cannot take it in between; it takes old ones only.
    await utimes(fileOf(sha256), now, now).catch(() => undefined);
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

  function remember(sha256: string, storing: Promise<void>): Promise<void> {
    stored.delete(sha256);
    stored.set(sha256, { since: Date.now(), storing });
    storing.catch(() => stored.delete(sha256));
    const [oldest] = stored.keys();
    if (stored.size > REMEMBERED && oldest !== undefined) stored.delete(oldest);
    return storing;
  }

  return {
    get,
    async put(bytes, media): Promise<BlobRef> {
      if (bytes.length > MAX_BYTES)
        throw new OpenExecError('disk_failure', `${bytes.length} bytes are too many for a blob`);
      const sha256 = hash(bytes);
      const known = stored.get(sha256);
      if (known !== undefined && Date.now() - known.since < TRUSTED_MS) await known.storing;
      else await remember(sha256, store(sha256, bytes));
      return { blob: sha256, bytes: bytes.length, media };
    },
  };
}

const missing = (sha256: string, what: string, cause?: unknown): OpenExecError =>
  new OpenExecError('blob_missing', `blob ${sha256} ${what}`, { cause });
