/**
 * Long texts, piece by piece in bounded memory. Where a text is parted depends on the text alone and never on how it came
 * in: what is found is the same for every way to split it.
 */
import { type Secret, secretsIn, type Wanted } from './findings';

/** As much is looked at before a part is settled. */
const SEGMENT = 65_536;
/** As much is seen beyond the end of a part; no secret is longer. */
const BEYOND = 32_768;
/** As much is seen before a part, for what a secret is called stands before it. */
const CONTEXT = 512;

export type Settled = {
  /** The part, as it came in. */
  readonly text: string;
  /** What was found in it; offsets from its start. */
  readonly secrets: readonly Secret[];
};

/** Takes a text in pieces and gives parts of it as soon as nothing that follows can change what is found in them. */
export class Segments {
  readonly #wanted: Wanted;
  #before = '';
  #pending = '';

  constructor(wanted: Wanted) {
    this.#wanted = wanted;
  }

  /** The parts that are settled by this piece. */
  *add(piece: string): Generator<Settled> {
    this.#pending += piece;
    while (this.#pending.length >= SEGMENT + BEYOND) yield this.#part();
  }

  /** The last part; the text is over. */
  end(): Settled {
    const text = this.#pending;
    const secrets = this.#look(text);
    this.#pending = '';
    this.#before = '';
    return { text, secrets };
  }

  #part(): Settled {
    const seen = this.#pending.slice(0, SEGMENT + BEYOND);
    const secrets = this.#look(seen);
    let cut = borderIn(seen);
    for (const { start, end } of secrets) if (start < cut && cut < end) cut = end;
    const text = seen.slice(0, cut);
    this.#pending = this.#pending.slice(cut);
    this.#before = (this.#before + text).slice(-CONTEXT);
    return { text, secrets: secrets.filter(({ start }) => start < cut) };
  }

  /** What is found, of what begins in the text itself or reaches into it. */
  #look(text: string): Secret[] {
    const before = this.#before.length;
    return secretsIn(this.#before + text, this.#wanted)
      .filter(({ end }) => end > before)
      .map((secret) => ({ ...secret, start: Math.max(0, secret.start - before), end: secret.end - before }));
  }
}

/** Where a text is best parted: after the last line that ends in the second half of a segment, else after a space. */
function borderIn(text: string): number {
  for (const border of ['\n', ' ']) {
    const at = text.lastIndexOf(border, SEGMENT - 1);
    if (at >= SEGMENT / 2) return at + 1;
  }
  return isLow(text.charCodeAt(SEGMENT)) ? SEGMENT - 1 : SEGMENT;
}

const isLow = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/** Everything that is found in a text, in order; offsets are UTF-16. */
export function allSecretsIn(text: string, wanted: Wanted): Secret[] {
  if (text.length < SEGMENT + BEYOND) return secretsIn(text, wanted);
  const segments = new Segments(wanted);
  const all: Secret[] = [];
  let at = 0;
  const take = (part: Settled) => {
    for (const secret of part.secrets) all.push({ ...secret, start: secret.start + at, end: secret.end + at });
    at += part.text.length;
  };
  // In pieces, so that what is still to come is not copied again and again.
  for (let from = 0; from < text.length; from += SEGMENT) {
    for (const part of segments.add(text.slice(from, from + SEGMENT))) take(part);
  }
  take(segments.end());
  return all;
}
