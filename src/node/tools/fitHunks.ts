/**
 * Where the hunks of a patch belong in a file that has changed since the patch was made. A hunk is placed where the patch
 * says, or else at the only place that it fits; blanks at line ends count for nothing in context. What comes out is one
 * exact hunk, made of the file's own lines, so that whoever applies it has nothing left to guess.
 *
 * Texts are bytes as latin1, so that any encoding passes as it is.
 */
import { err, ok, type Result } from '../../core/kernel/result';
import type { Hunk, HunkLine } from './patch';

/** Lines of context around the exact hunk. */
const CONTEXT = 3;
/** As many places of an ambiguous hunk as are named. */
const NAMED = 3;

export type Placed = {
  /** Counted from 1, as the patch has them. */
  readonly hunk: number;
  /** The line, counted from 1, at which the patch says that the hunk starts. */
  readonly said: number;
  /** The line at which it was found. */
  readonly at: number;
};

export type Fitted = {
  /** One hunk with its head, as bytes in latin1; empty when nothing would change. */
  readonly text: string;
  readonly placed: readonly Placed[];
  /** True when the hunks take away every line of the file and add none. */
  readonly leavesNothing: boolean;
};

/** The file as lines without their `\n`; a `\r` stays at the end of its line. */
type Lines = { readonly all: readonly string[]; readonly endsWithBreak: boolean; readonly isWindows: boolean };

/** Fits hunks onto the bytes of a file; the error says which hunk, for a person and a model. */
export function fitHunks(bytes: Uint8Array, hunks: readonly Hunk[]): Result<Fitted, string> {
  const lines = linesOf(Buffer.from(bytes).toString('latin1'));
  const index = indexOf(lines.all);
  const places: { readonly at: number; readonly lines: readonly HunkLine[] }[] = [];
  const placed: Placed[] = [];
  let free = 0;
  for (const [at, { start, lines: raw }] of hunks.entries()) {
    const body = raw.map((line) => ({ ...line, text: Buffer.from(line.text, 'utf8').toString('latin1') }));
    const old = body.filter(({ mark }) => mark !== '+');
    const which = `hunk ${at + 1} of ${hunks.length} of FILE (at line ${start})`;
    const found = old.length === 0 ? onlyPlace(lines, hunks) : placeOf(lines.all, index, old, start - 1, free);
    if (found.length !== 1) return err(`${which} ${whyNot(found, old.length)}`);
    const place = found[0] ?? 0;
    places.push({ at: place, lines: body });
    placed.push({ hunk: at + 1, said: start, at: old.length === 0 ? start : place + 1 });
    free = place + old.length;
  }
  return exact(lines, places, placed);
}

/** A hunk that names no line of the file has a place only in an empty one. */
const onlyPlace = ({ all }: Lines, hunks: readonly Hunk[]): number[] =>
  all.length === 0 && hunks.length === 1 ? [0] : [];

function whyNot(found: readonly number[], oldLines: number): string {
  if (oldLines === 0) return 'names no line of the file by which its place could be found';
  if (found.length === 0) return 'does not fit the file';
  const named = found.slice(0, NAMED).map((at) => at + 1);
  const more = found.length > NAMED ? ' and more' : '';
  return `fits in several places (lines ${named.join(', ')}${more}); give more lines around the change`;
}

function linesOf(text: string): Lines {
  const all = text.split('\n');
  const endsWithBreak = all.at(-1) === '';
  if (endsWithBreak) all.pop();
  const windows = all.filter((line) => line.endsWith('\r')).length;
  return { all, endsWithBreak, isWindows: windows * 2 > all.length };
}

const withoutReturn = (line: string): string => line.replace(/\r$/, '');
/** Only what is a blank in every encoding: a byte above 0x7F may be half of a letter. */
const withoutBlanks = (line: string): string => line.replace(/[ \t\r]+$/, '');

/** Where each line stands, blanks at its end left out: a hunk can only begin where its first line is. */
function indexOf(all: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  for (const [at, line] of all.entries()) {
    const key = withoutBlanks(line);
    const known = index.get(key);
    if (known === undefined) index.set(key, [at]);
    else known.push(at);
  }
  return index;
}

/**
 * The places of a hunk from line `free` on. Where it was said to be wins; then a single place that fits to the blank,
 * then a single place that fits without them. More than one place is an answer that names them.
 */
function placeOf(
  all: readonly string[],
  index: ReadonlyMap<string, readonly number[]>,
  old: readonly HunkLine[],
  said: number,
  free: number,
): readonly number[] {
  const fits = (at: number, isStrict: boolean): boolean =>
    at >= free &&
    at + old.length <= all.length &&
    old.every((line, offset) => isSame(line, all[at + offset] ?? '', isStrict));
  for (const isStrict of [true, false]) if (fits(said, isStrict)) return [said];
  const candidates = index.get(withoutBlanks(old[0]?.text ?? '')) ?? [];
  for (const isStrict of [true, false]) {
    const found: number[] = [];
    for (const at of candidates) {
      if (fits(at, isStrict)) found.push(at);
      if (found.length > NAMED) break;
    }
    if (found.length > 0) return found;
  }
  return [];
}

/** What is taken away has to be there to the letter, its line end aside; context may differ in blanks at its end. */
function isSame({ mark, text }: HunkLine, line: string, isStrict: boolean): boolean {
  if (withoutReturn(text) === withoutReturn(line)) return true;
  return !isStrict && mark === ' ' && withoutBlanks(text) === withoutBlanks(line);
}

type Out = { old: number; fresh: number; readonly lines: string[]; changes: number };

/** One hunk from the first change to the last, with the file's own lines in between and around. */
function exact(
  lines: Lines,
  places: readonly { readonly at: number; readonly lines: readonly HunkLine[] }[],
  placed: readonly Placed[],
): Result<Fitted, string> {
  const { all } = lines;
  const from = Math.max(0, (places[0]?.at ?? 0) - CONTEXT);
  const out: Out = { old: 0, fresh: 0, lines: [], changes: 0 };
  let at = from;
  const keepTo = (end: number): void => {
    for (; at < end; at++) emit(out, ' ', all[at] ?? '', hasBreak(lines, at));
  };
  for (const [nth, place] of places.entries()) {
    keepTo(place.at);
    for (const [line, { mark, text, ends }] of place.lines.entries()) {
      const rest = place.lines.slice(line + 1);
      if (mark === '+') {
        const isLast = nth === places.length - 1 && rest.every((next) => next.mark === '-') && isEndOf(all, at, rest);
        if (!ends && !isLast) return err(`hunk ${nth + 1} of FILE leaves a line end out in the middle of the file`);
        emit(out, '+', lines.isWindows ? `${withoutReturn(text)}\r` : text, ends);
      } else if (mark === ' ' && !hasBreak(lines, at) && rest.some((next) => next.mark === '+')) {
        // The last line had no line end, and something follows it now.
        emit(out, '-', all[at] ?? '', false);
        emit(out, '+', all[at++] ?? '', true);
      } else {
        emit(out, mark, all[at] ?? '', hasBreak(lines, at));
        at++;
      }
    }
  }
  keepTo(Math.min(all.length, at + CONTEXT));
  const start = (count: number): number => (count === 0 ? 0 : from + 1);
  const head = `@@ -${start(out.old)},${out.old} +${start(out.fresh)},${out.fresh} @@`;
  const text = out.changes === 0 ? '' : `${[head, ...out.lines].join('\n')}\n`;
  return ok({ text, placed, leavesNothing: out.old === all.length && out.fresh === 0 });
}

const hasBreak = ({ all, endsWithBreak }: Lines, at: number): boolean => endsWithBreak || at < all.length - 1;

const isEndOf = (all: readonly string[], at: number, rest: readonly HunkLine[]): boolean =>
  at + rest.length === all.length;

function emit(out: Out, mark: HunkLine['mark'], text: string, ends: boolean): void {
  if (mark !== '+') out.old++;
  if (mark !== '-') out.fresh++;
  if (mark !== ' ') out.changes++;
  out.lines.push(`${mark}${text}`);
  if (!ends) out.lines.push('\\ No newline at end of file');
}
