/**
 * Redaction of JSON text, as a model writes the arguments of a call. In the text a line break is the two letters `\\n` and
 * any letter can be written as `\\u0067`: what looks for tokens would not see those, so the values are looked at.
 */
import { wellFormed } from '../kernel/json';
import type { Redaction } from './redact';

/**
 * The text with the secrets in its strings and in itself replaced by `redact`; text that holds none is given back as it is,
 * so that redacting twice is redacting once. What is not JSON, or nested deeper than can be looked at, is redacted as it
 * stands and with its escapes undone. Text that has to be written anew is indented by `indent`.
 */
export function redactJson(text: string, indent: number, redact: (text: string) => Redaction): Redaction {
  const plain = redact(text);
  const found = new Counts();
  try {
    const cleared = clear(JSON.parse(text), redact, found);
    if (found.any) return found.with(redact(JSON.stringify(cleared, null, indent)));
    if (!text.includes('\\u')) return plain;
    // The name of a member may be written with escapes as well, and what it names would not be known for what it is.
    const written = redact(JSON.stringify(cleared, null, indent));
    return sum(written) > sum(plain) ? written : plain;
  } catch {
    const undone = unescaped(text);
    const looked = redact(undone);
    return looked.text === undone ? plain : looked;
  }
}

const sum = ({ counts }: Redaction): number => Object.values(counts).reduce((all, count) => all + count, 0);

class Counts {
  readonly #counts: Record<string, number> = {};
  any = false;

  add({ counts }: Redaction): void {
    for (const [kind, count] of Object.entries(counts)) {
      this.#counts[kind] = (this.#counts[kind] ?? 0) + count;
      this.any = true;
    }
  }

  with(last: Redaction): Redaction {
    this.add(last);
    return { text: last.text, counts: this.#counts };
  }
}

function clear(value: unknown, redact: (text: string) => Redaction, found: Counts): unknown {
  if (typeof value === 'string') {
    const redaction = redact(wellFormed(value));
    if (Object.keys(redaction.counts).length === 0) return value;
    found.add(redaction);
    return redaction.text;
  }
  if (Array.isArray(value)) return value.map((item) => clear(item, redact, found));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [String(clear(key, redact, found)), clear(member, redact, found)]),
  );
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

function unescaped(text: string): string {
  const undone = text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_all, code?: string, char?: string) =>
    code === undefined ? (ESCAPES[char ?? ''] ?? char ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
  );
  return wellFormed(undone);
}
