/**
 * The gate of a run: what stands between any text and the record or a model. One for each run, so that the same secret has
 * the same placeholder throughout. What a placeholder stands for is known in this process and nowhere else.
 */
import { wellFormed } from '../kernel/json';
import { NOTHING_MORE, type Secret } from './detect/findings';
import { type Finding, placeholdersOf, SENSITIVE_KINDS } from './detect/kinds';
import { type KnownValue, knownMatcher } from './detect/known';
import { allSecretsIn, Segments, type Settled } from './detect/segments';
import { type Redaction, replaceAll } from './redact';
import { redactBefore4, redactLinesBefore4 } from './redactBefore4';
import { redactJson } from './redactJson';

export type { KnownValue } from './detect/known';

export type Gate = {
  /** The text with every secret replaced by a placeholder, and how many of each kind there were. Done twice it is done once. */
  redact(text: string): Redaction;
  /** The same with as many lines as before. */
  redactLines(text: string): Redaction;
  /** JSON text with the secrets in its strings replaced. */
  redactJson(text: string, indent?: number): Redaction;
  /** Text as it may be recorded: well-formed, without secrets. */
  recordable(text: string): string;
  /** What a placeholder of this gate stands for; null when that is not known in this process. */
  reveal(placeholder: string): string | null;
};

export type GateOptions = {
  readonly known: readonly KnownValue[];
  /** Names of people who are not to be told of. */
  readonly names: readonly string[];
  /** The highest number of each kind that is in use already, of a run that goes on. */
  readonly numbering?: Readonly<Record<string, number>>;
};

/** The gate of a run. Its placeholders are numbered, `«github-token:1»`, the same value the same number. */
export function createGate({ known, names, numbering = {} }: GateOptions): Gate {
  const wanted = { known: knownMatcher(known), names: namePattern(names) };
  const numbers = new Numbers(numbering);
  const instead = (secret: Secret, original: string) => numbers.placeholderOf(secret, original);
  const redact = (text: string) => replaceAll(text, allSecretsIn(text, wanted), instead);
  return gateOf({
    redact,
    redactLines: (text) =>
      replaceAll(
        text,
        allSecretsIn(text, wanted),
        (secret, original) => instead(secret, original) + breaksOf(original),
      ),
    reveal: (placeholder) => numbers.reveal(placeholder),
  });
}

/**
 * A gate without a memory: it knows no values, and does the same to a text wherever it stands. For engines before 4 it finds
 * what they found.
 */
export function plainGate(engine: number): Gate {
  if (engine < 4) {
    return gateOf({
      redact: redactBefore4,
      redactLines: (text) => ({ ...redactBefore4(text), text: redactLinesBefore4(text) }),
      reveal: () => null,
    });
  }
  const secrets = (text: string) => allSecretsIn(text, NOTHING_MORE);
  return gateOf({
    redact: (text) => replaceAll(text, secrets(text), ({ kind }) => `«${kind}»`),
    redactLines: (text) => replaceAll(text, secrets(text), ({ kind }, original) => `«${kind}»${breaksOf(original)}`),
    reveal: () => null,
  });
}

function gateOf(parts: Pick<Gate, 'redact' | 'redactLines' | 'reveal'>): Gate {
  return {
    ...parts,
    redactJson: (text, indent = 0) => redactJson(text, indent, parts.redact),
    recordable: (text) => parts.redact(wellFormed(text)).text,
  };
}

const breaksOf = (original: string): string => '\n'.repeat(original.split('\n').length - 1);

/** Whole names, in whatever case; a name of fewer than three letters is none. */
function namePattern(names: readonly string[]): RegExp | null {
  const all = names.map((name) => name.trim()).filter((name) => name.length >= 3);
  if (all.length === 0) return null;
  const escaped = all
    .toSorted((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&').replace(/\s+/g, '\\s+'));
  return new RegExp(`(?<![\\p{L}\\p{N}«])(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}

class Numbers {
  readonly #last: Map<string, number>;
  readonly #placeholders = new Map<string, string>();
  readonly #values = new Map<string, string>();

  constructor(last: Readonly<Record<string, number>>) {
    this.#last = new Map(Object.entries(last));
  }

  placeholderOf({ kind, value }: Secret, original: string): string {
    const key = `${kind}\0${value ?? original}`;
    const before = this.#placeholders.get(key);
    if (before !== undefined) return before;
    const number = (this.#last.get(kind) ?? 0) + 1;
    const placeholder = `«${kind}:${number}»`;
    this.#last.set(kind, number);
    this.#placeholders.set(key, placeholder);
    this.#values.set(placeholder, value ?? original);
    return placeholder;
  }

  reveal(placeholder: string): string | null {
    return this.#values.get(placeholder) ?? null;
  }
}

/** True when what was found makes a run sensitive. An address or a telephone number alone does not. */
export const isSensitive = (counts: Readonly<Record<string, number>>): boolean =>
  Object.entries(counts).some(([kind, count]) => count > 0 && SENSITIVE_KINDS.has(kind));

/** The highest number of each kind that the placeholders in these texts have. */
export function numberingIn(texts: Iterable<string>): Record<string, number> {
  const highest: Record<string, number> = {};
  for (const text of texts) {
    for (const { kind, number } of placeholdersOf(text)) {
      if (number !== null) highest[kind] = Math.max(number, highest[kind] ?? 0);
    }
  }
  return highest;
}

/** How many placeholders of each kind a text holds. */
export function placeholdersIn(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of placeholdersOf(text)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Redacts a text that comes in pieces, however it is split, exactly as it would be redacted as a whole. */
export class Chunks {
  readonly #segments: Segments;
  #given = 0;

  /** `names` of people go as well. */
  constructor(names: readonly string[] = []) {
    this.#segments = new Segments({ ...NOTHING_MORE, names: namePattern(names) });
  }

  /** What nothing that follows can change any more. */
  add(piece: string): Cleared[] {
    return Array.from(this.#segments.add(piece), (part) => this.#clear(part));
  }

  /** The rest; the text is over. */
  end(): Cleared {
    return this.#clear(this.#segments.end());
  }

  #clear({ text, secrets }: Settled): Cleared {
    const at = this.#given;
    this.#given += text.length;
    const findings = secrets.map(({ kind, start, end }) => ({ kind, start: start + at, end: end + at }));
    return { text: replaceAll(text, secrets, ({ kind }) => `«${kind}»`).text, findings };
  }
}

/** A part of a text without secrets, and what stood in it; offsets are those of the whole original. */
export type Cleared = { readonly text: string; readonly findings: readonly Finding[] };
