/**
 * Output of unknown length in bounded memory: the first half of the limit and the last half are kept, the middle is
 * counted.
 */
import { withoutTornEnd, withoutTornStart } from '../../core/gatekeeper/redact';

export class BoundedOutput {
  readonly #half: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #total = 0;

  /** `limit` is in bytes, at least 2. */
  constructor(limit: number) {
    this.#half = Math.floor(limit / 2);
  }

  /** Takes the next piece. */
  add(chunk: Buffer): void {
    this.#total += chunk.length;
    const room = this.#half - this.#headBytes;
    if (room > 0) {
      this.#head.push(chunk.subarray(0, room));
      this.#headBytes += Math.min(room, chunk.length);
    }
    const rest = chunk.subarray(Math.max(0, room));
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    // Compacted only now and then, so that many small pieces do not copy the tail each time.
    if (this.#tailBytes > 4 * this.#half) this.#compact();
  }

  /** What was kept, as text; when something was cut, a line in its place says how many bytes. */
  text(): string {
    this.#compact();
    const cut = this.#total - this.#headBytes - this.#tailBytes;
    const head = Buffer.concat(this.#head);
    const tail = Buffer.concat(this.#tail);
    if (cut === 0) return Buffer.concat([head, tail]).toString('utf8');
    // What is looked through for secrets later must not hold half of one, which nobody would know for what it is.
    const before = withoutTornEnd(head.subarray(0, wholeCharacters(head)).toString('utf8'));
    const after = withoutTornStart(tail.subarray(firstCharacter(tail)).toString('utf8'));
    const missing = this.#total - Buffer.byteLength(before) - Buffer.byteLength(after);
    return `${before}\n[cut: ${missing} bytes of output are not shown]\n${after}`;
  }

  #compact(): void {
    if (this.#tailBytes <= this.#half) return;
    const all = Buffer.concat(this.#tail);
    const kept = Buffer.from(all.subarray(all.length - this.#half));
    this.#tail = [kept];
    this.#tailBytes = kept.length;
  }
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Length of the bytes up to the last character that is not torn apart. */
function wholeCharacters(bytes: Buffer): number {
  let start = bytes.length - 1;
  while (start > 0 && bytes.length - start < 4 && isContinuation(bytes[start])) start--;
  const lead = bytes[start] ?? 0;
  const needs = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + needs > bytes.length ? Math.max(0, start) : bytes.length;
}

function firstCharacter(bytes: Buffer): number {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start++;
  return start;
}
