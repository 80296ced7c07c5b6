/**
 * Aligning two lists of steps: equal prefix and suffix first, then Needleman and Wunsch (1970) inside of a band of diagonals
 * (Ukkonen 1985), which is widened until no way outside of it could be cheaper. Where that band would need too much memory,
 * the lists are aligned window by window instead, each of which keeps the half that its end has no say in. Pure and
 * deterministic; time and memory grow linearly with the lists.
 *
 * Invariants: every step of both lists stands in exactly one column, in order; aligning (b, a) gives the mirror image of
 * aligning (a, b); as long as the band fits in memory, the cost is the least possible.
 */
export type Alignable = {
  /** What the step is: only steps of equal key share a column. */
  readonly key: string;
  /** What it said, as a hash or text: equal keys with different content share a column that is `changed`. */
  readonly content: string;
};

/** A column: places in the two lists; null is a gap. Never both null. */
export type Column = { readonly a: number | null; readonly b: number | null };

export const CHANGED_COST = 1;
export const GAP_COST = 2;
/** The most cells whose ways are kept at once: one byte each. */
const MAX_CELLS = 9_000_000;
/** The most steps of each list in a window. */
const WINDOW = 800;

export type AlignOptions = { readonly maxCells?: number };

/** Every step of both lists exactly once, in order, in as many columns as are needed. */
export function align(a: readonly Alignable[], b: readonly Alignable[], options: AlignOptions = {}): Column[] {
  const maxCells = options.maxCells ?? MAX_CELLS;
  const prefix = equalSteps(a, b);
  const shorter = Math.min(a.length, b.length);
  let suffix = 0;
  while (suffix < shorter - prefix && isEqual(a[a.length - 1 - suffix], b[b.length - 1 - suffix])) suffix += 1;
  const columns: Column[] = [];
  for (let at = 0; at < prefix; at += 1) columns.push({ a: at, b: at });
  const [endA, endB] = [a.length - suffix, b.length - suffix];
  // Which side is first must not decide between equally good ways.
  if (isBefore(b[prefix], a[prefix])) {
    const mirrored: Column[] = [];
    new Middle(b, a, maxCells).solve([prefix, endB, prefix, endA], mirrored);
    for (const column of mirrored) columns.push({ a: column.b, b: column.a });
  } else new Middle(a, b, maxCells).solve([prefix, endA, prefix, endB], columns);
  for (let at = suffix; at > 0; at -= 1) columns.push({ a: a.length - at, b: b.length - at });
  return columns;
}

/** How many steps at the beginning of both are equal in key and content. */
export function equalSteps(a: readonly Alignable[], b: readonly Alignable[]): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && isEqual(a[at], b[at])) at += 1;
  return at;
}

/** True for steps of the same key and content. */
export const isEqual = (a: Alignable | undefined, b: Alignable | undefined): boolean =>
  a?.key === b?.key && a?.content === b?.content;

function isBefore(a: Alignable | undefined, b: Alignable | undefined): boolean {
  if (!a || !b || isEqual(a, b)) return false;
  return a.key === b.key ? a.content < b.content : a.key < b.key;
}

type Box = readonly [fromA: number, toA: number, fromB: number, toB: number];
type Numbered = { readonly keys: Int32Array; readonly contents: Int32Array };

class Middle {
  readonly #a: Numbered;
  readonly #b: Numbered;
  readonly #maxCells: number;

  constructor(a: readonly Alignable[], b: readonly Alignable[], maxCells: number) {
    const [keys, contents] = [new Map<string, number>(), new Map<string, number>()];
    this.#a = numbered(a, keys, contents);
    this.#b = numbered(b, keys, contents);
    this.#maxCells = maxCells;
  }

  solve(box: Box, out: Column[]): void {
    const columns = this.#whole(box);
    if (columns === null) this.#windows(box, out);
    else for (const column of columns) out.push(column);
  }

  /** The alignment, by the narrowest band that proves it the cheapest; null when that would not fit in memory. */
  #whole(box: Box): Column[] | null {
    const [fromA, toA, fromB, toB] = box;
    const [rows, columns] = [toA - fromA, toB - fromB];
    if (rows === 0 || columns === 0) return gapsOf(box);
    const apart = Math.abs(rows - columns);
    for (let margin = 16; ; margin *= 4) {
      // Wider than the whole matrix is no better.
      const tried = Math.min(margin, Math.max(rows, columns));
      if ((rows + 1) * (apart + 2 * tried + 1) > this.#maxCells) return null;
      const found = inBand(this.#a, this.#b, box, tried);
      // A way that leaves the band has at least this many gaps.
      if (tried < margin || found.cost <= GAP_COST * (apart + 2 * (tried + 1))) return found.columns;
    }
  }

  /** Goes on from the middle of each window: what stands there could not see the ends of the lists. */
  #windows([fromA, toA, fromB, toB]: Box, out: Column[]): void {
    const size = Math.max(2, Math.min(WINDOW, Math.floor(Math.sqrt(this.#maxCells / 4))));
    let [a, b] = [fromA, fromB];
    while (a < toA || b < toB) {
      const [endA, endB] = [Math.min(toA, a + size), Math.min(toB, b + size)];
      const box: Box = [a, endA, b, endB];
      const isLast = endA === toA && endB === toB;
      const half = [a + Math.ceil(size / 2), b + Math.ceil(size / 2)] as const;
      for (const column of this.#whole(box) ?? gapsOf(box)) {
        out.push(column);
        if (column.a !== null) a = column.a + 1;
        if (column.b !== null) b = column.b + 1;
        if (!isLast && (a >= half[0] || b >= half[1])) break;
      }
    }
  }
}

const FAR = 1 << 29;
const PAIR = 1;
const ONLY_A = 2;
const ONLY_B = 3;

/** The cheapest way that stays within `margin` diagonals beside the corners' own. */
function inBand(a: Numbered, b: Numbered, box: Box, margin: number): { cost: number; columns: Column[] } {
  const [fromA, toA, fromB, toB] = box;
  const [rows, columns] = [toA - fromA, toB - fromB];
  const low = Math.min(0, columns - rows) - margin;
  const width = Math.abs(columns - rows) + 2 * margin + 1;
  const ways = new Uint8Array((rows + 1) * width);
  let last = new Int32Array(width + 1).fill(FAR);
  let next = new Int32Array(width + 1).fill(FAR);
  // The inner loop is why comparing is fast or slow: it reads typed arrays and calls nothing.
  const { keys: keysB, contents: contentsB } = b;
  for (let row = 0; row <= rows; row += 1) {
    const start = Math.max(0, -(row + low));
    const end = Math.min(width, columns - row - low + 1);
    const [key, content] = row === 0 ? [-1, -1] : [a.keys[fromA + row - 1], a.contents[fromA + row - 1]];
    const shift = fromB + row + low - 1;
    let left = FAR;
    next.fill(FAR);
    for (let place = start; place < end; place += 1) {
      let best = FAR;
      let way = 0;
      const at = shift + place;
      if (at >= fromB && keysB[at] === key) {
        best = (last[place] as number) + (contentsB[at] === content ? 0 : CHANGED_COST);
        way = PAIR;
      }
      const up = (last[place + 1] as number) + GAP_COST;
      if (up < best) {
        best = up;
        way = ONLY_A;
      }
      left += GAP_COST;
      if (left < best) {
        best = left;
        way = ONLY_B;
      }
      if (row === 0 && at < fromB) best = 0;
      left = best;
      next[place] = best;
      ways[row * width + place] = way;
    }
    [last, next] = [next, last];
  }
  return { cost: last[columns - rows - low] ?? FAR, columns: followed(ways, width, low, box) };
}

function followed(ways: Uint8Array, width: number, low: number, [fromA, toA, fromB, toB]: Box): Column[] {
  const columns: Column[] = [];
  let [row, column] = [toA - fromA, toB - fromB];
  while (row > 0 || column > 0) {
    const way = ways[row * width + column - row - low];
    if (way !== ONLY_B) row -= 1;
    if (way !== ONLY_A) column -= 1;
    columns.push({ a: way === ONLY_B ? null : fromA + row, b: way === ONLY_A ? null : fromB + column });
  }
  return columns.reverse();
}

function gapsOf([fromA, toA, fromB, toB]: Box): Column[] {
  const columns: Column[] = [];
  for (let at = fromA; at < toA; at += 1) columns.push({ a: at, b: null });
  for (let at = fromB; at < toB; at += 1) columns.push({ a: null, b: at });
  return columns;
}

function numbered(steps: readonly Alignable[], keys: Map<string, number>, contents: Map<string, number>): Numbered {
  const found = { keys: new Int32Array(steps.length), contents: new Int32Array(steps.length) };
  steps.forEach((step, at) => {
    found.keys[at] = numberOf(keys, step.key);
    found.contents[at] = numberOf(contents, step.content);
  });
  return found;
}

function numberOf(known: Map<string, number>, text: string): number {
  const number = known.get(text) ?? known.size;
  known.set(text, number);
  return number;
}
