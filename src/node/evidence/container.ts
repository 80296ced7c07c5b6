/**
 * The container of a bundle: a zip file in one form only, so that the same entries give the same bytes and every other
 * byte shows. Entries are stored, in the order of their names, with one fixed time and nothing extra. Its records are
 * written here and not by the library, whose next version might write others (PKWARE APPNOTE 6.3.10, 4.3.7, 4.3.12, 4.3.16).
 *
 * Reading trusts nothing: what is read is packed again and must give the same bytes. No name in the file becomes a path.
 */
import { unzipSync, ZipPassThrough } from 'fflate';
import { isEntryName, MAX_ENTRIES } from '../../core/evidence/format';
import { messageOf } from '../../core/kernel/errors';
import { err, ok, type Result } from '../../core/kernel/result';
import { breather } from '../system/breathe';

/** By name. */
export type Entries = ReadonlyMap<string, Uint8Array>;

const LOCAL = { signature: 0x04034b50, length: 30 };
const CENTRAL = { signature: 0x02014b50, length: 46 };
const END = { signature: 0x06054b50, length: 22 };
const WIDE = { signature: 0x07064b50, length: 20 };
/** The version of the format that stored entries need. */
const VERSION = 20;
/** 1980-01-01, the first day that a zip file can name; midnight is 0. */
const DATE = (1 << 5) | 1;

/** Bytes between two turns for the event loop. */
const PIECE = 256 * 1024;

/** The one container of these entries; the names must be those of a bundle, which are ASCII. */
export async function pack(entries: Entries): Promise<Uint8Array> {
  const { body, directory } = sizesOf(entries);
  const packed = new Uint8Array(body + directory + END.length);
  let at = 0;
  for await (const part of partsOf(entries)) {
    packed.set(part, at);
    at += part.length;
  }
  return packed;
}

function sizesOf(entries: Entries): { body: number; directory: number } {
  let [body, directory] = [0, 0];
  for (const [name, bytes] of entries) {
    body += LOCAL.length + name.length + bytes.length;
    directory += CENTRAL.length + name.length;
  }
  return { body, directory };
}

/** The container from its first byte to its last; the entries' own bytes are not copied. */
async function* partsOf(entries: Entries): AsyncGenerator<Uint8Array> {
  const files = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  const { body, directory } = sizesOf(entries);
  const end = new Uint8Array(directory + END.length);
  const listing = new DataView(end.buffer);
  let at = 0;
  let listed = 0;
  for (const [name, bytes] of files) {
    const file = { name, size: bytes.length, crc: await crcOf(bytes) };
    listing.setUint32(listed, CENTRAL.signature, true);
    listing.setUint16(listed + 4, VERSION, true);
    describe(listing, listed + 6, file);
    listing.setUint32(listed + 42, at, true);
    listed = put(end, listed + CENTRAL.length, name);
    const header = new Uint8Array(LOCAL.length + name.length);
    const view = new DataView(header.buffer);
    view.setUint32(0, LOCAL.signature, true);
    describe(view, 4, file);
    put(header, LOCAL.length, name);
    yield header;
    yield bytes;
    at += header.length + bytes.length;
  }
  listing.setUint32(listed, END.signature, true);
  listing.setUint16(listed + 8, files.length, true);
  listing.setUint16(listed + 10, files.length, true);
  listing.setUint32(listed + 12, directory, true);
  listing.setUint32(listed + 16, body, true);
  yield end;
}

/** What the entry's own header and its line in the directory have in common; every other field is 0. */
function describe(view: DataView, at: number, { name, size, crc }: { name: string; size: number; crc: number }): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 8, DATE, true);
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, size, true);
  view.setUint32(at + 18, size, true);
  view.setUint16(at + 22, name.length, true);
}

function put(packed: Uint8Array, at: number, name: string): number {
  packed.set(new TextEncoder().encode(name), at);
  return at + name.length;
}

/** CRC-32 in pieces, for a large journal would hold up the editor. */
async function crcOf(bytes: Uint8Array): Promise<number> {
  const breathe = breather();
  const sum = new ZipPassThrough('');
  sum.ondata = () => undefined;
  for (let at = 0; at < bytes.length; at += PIECE) {
    sum.push(bytes.subarray(at, at + PIECE));
    await breathe();
  }
  sum.push(new Uint8Array(), true);
  return sum.crc;
}

/**
 * The entries of a container, or what is wrong with it in words. That it is in the one form is for `differsAt` to say: a
 * container that is not can still be looked at.
 */
export function unpack(bytes: Uint8Array): Result<Entries, string> {
  const bad = endProblem(bytes);
  if (bad !== null) return err(bad);
  let problem: string | null = null;
  let total = 0;
  const filter = (entry: { name: string; size: number; originalSize: number; compression: number }): boolean => {
    // Entries may not lie one on top of another: together they are smaller than the file.
    total += entry.size;
    if (entry.compression !== 0 || entry.size !== entry.originalSize) problem ??= 'an entry is compressed';
    else if (total > bytes.length) problem ??= 'the entries claim to be larger than the file';
    else if (!isEntryName(entry.name)) problem ??= `an entry has the name ${JSON.stringify(entry.name.slice(0, 100))}`;
    return problem === null;
  };
  try {
    const files = unzipSync(bytes, { filter });
    return problem === null ? ok(new Map(Object.entries(files))) : err(problem);
  } catch (error) {
    return err(messageOf(error));
  }
}

/** The first byte at which the file is not the one container of these entries; null when it is. */
export async function differsAt(bytes: Uint8Array, entries: Entries): Promise<number | null> {
  let from = 0;
  for await (const due of partsOf(entries)) {
    const is = bytes.subarray(from, from + due.length);
    if (Buffer.compare(is, due) !== 0) {
      let at = 0;
      while (at < is.length && is[at] === due[at]) at += 1;
      return from + at;
    }
    from += due.length;
  }
  return from === bytes.length ? null : from;
}

/** The end record must be the last thing in the file, and of the plain kind: a library looks for it, and believes it. */
function endProblem(bytes: Uint8Array): string | null {
  const at = bytes.length - END.length;
  if (at < 0) return 'too short for a zip file';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(at, true) !== END.signature) return 'no end record of a zip file at the end';
  if (at >= WIDE.length && view.getUint32(at - WIDE.length, true) === WIDE.signature) {
    return 'a zip file of the 64-bit kind';
  }
  const count = view.getUint16(at + 10, true);
  if (count === 0 || count > MAX_ENTRIES) return `${count} entries`;
  if (view.getUint16(at + 8, true) !== count) return 'a zip file in several parts';
  return null;
}
