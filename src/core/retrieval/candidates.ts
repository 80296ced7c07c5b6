/**
 * Which files a task is about, by the names in its text against the names and contents of the repository, and the one
 * ranking out of several. Pure, so that the same task and repository give the same order.
 */
import { type Terms, tokenOf } from './terms';
import { byCodeUnit } from './tokens';

/** A file that may have to do with the task: how much, and why in the words that a person reads. */
export type Ranked = { readonly path: string; readonly score: number; readonly why: string };

/** One view on what matters: its files best first, and what a place in it is worth. */
export type View = { readonly weight: number; readonly ranked: readonly { path: string; why: string }[] };

type Found = Map<string, { score: number; reasons: { score: number; why: string }[] }>;

function add(found: Found, path: string, score: number, why: string): void {
  const entry = found.get(path) ?? { score: 0, reasons: [] };
  entry.score += score;
  entry.reasons.push({ score, why });
  found.set(path, entry);
}

const byScore = (a: Ranked, b: Ranked): number => b.score - a.score || byCodeUnit(a.path, b.path);

function sorted(found: Found): Ranked[] {
  const ranked = [...found].map(([path, { score, reasons }]) => {
    const best = Math.max(...reasons.map((reason) => reason.score));
    return { path, score, why: reasons.find((reason) => reason.score === best)?.why ?? '' };
  });
  return ranked.sort(byScore);
}

/** Files that the task names by their path or its end. */
export function named(files: readonly string[], { paths }: Terms): Ranked[] {
  if (paths.size === 0) return [];
  const found: Found = new Map();
  const asked = [...paths];
  for (const path of files) {
    const name = asked.find((one) => path === one || path.endsWith(`/${one}`));
    if (name !== undefined) add(found, path, path === name ? 2 : 1, `the task names ${name}`);
  }
  return sorted(found);
}

/** Files whose own name or folder has a word of the task. */
export function byName(files: readonly string[], { words }: Terms): Ranked[] {
  if (words.size === 0) return [];
  const found: Found = new Map();
  // Of many files few have any of the words; only those are taken apart.
  const any = new RegExp([...words].map((word) => word.replace(/[$]/g, '\\$&')).join('|'), 'i');
  for (const path of files) {
    if (!any.test(path)) continue;
    const parts = namePieces(path);
    for (const word of words) {
      if (parts.base.has(word)) add(found, path, 30, `its name has "${word}"`);
      else if (parts.folders.has(word)) add(found, path, 6, `its folder has "${word}"`);
    }
  }
  return sorted(found);
}

/**
 * Files that hold what the task names. `hits` holds, for each term of `contents` (as `tokenOf` writes it), the files that
 * have it; a term in few of all the `total` files weighs more than one in many.
 */
export function byContent(terms: Terms, hits: ReadonlyMap<string, readonly string[]>, total: number): Ranked[] {
  const found: Found = new Map();
  for (const term of terms.contents) {
    const holders = hits.get(tokenOf(term)) ?? [];
    const weight = rarity(holders.length, total) * (term.isCode ? 4 : 1);
    const quoted = term.isCode ? `names \`${term.text}\`` : `has the word "${term.text}"`;
    if (weight > 0) for (const path of holders) add(found, path, weight, quoted);
  }
  return sorted(found);
}

/** What it is worth that a file holds a term: nothing when a third of all files do. */
export function rarity(holders: number, files: number): number {
  if (holders <= 2) return 8;
  if (holders <= 5) return 5;
  if (holders <= 12) return 3;
  return holders * 3 < files ? 1 : 0;
}

/** The constant of reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009. */
const FUSION = 60;
const REASONS = 3;

/**
 * One ranking out of several by reciprocal rank fusion: what several views put high comes first; equal scores by path.
 * Reasons stay in the order of the views.
 */
export function fuse(views: readonly View[]): Ranked[] {
  const found = new Map<string, { score: number; why: string[] }>();
  for (const { weight, ranked } of views) {
    for (const [at, { path, why }] of ranked.entries()) {
      const entry = found.get(path) ?? { score: 0, why: [] };
      entry.score += weight / (FUSION + at + 1);
      if (!entry.why.includes(why)) entry.why.push(why);
      found.set(path, entry);
    }
  }
  return [...found]
    .map(([path, { score, why }]) => ({ path, score, why: why.slice(0, REASONS).join('; ') }))
    .sort(byScore);
}

function namePieces(path: string): { base: ReadonlySet<string>; folders: ReadonlySet<string> } {
  const split = (name: string) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const parts = path.split('/');
  const base = parts.pop() ?? '';
  // A camel-case name is known by its pieces and as a whole.
  const pieces = base.replace(/([a-z])([A-Z])/g, '$1-$2');
  return { base: new Set([...split(base), ...split(pieces)]), folders: new Set(parts.flatMap(split)) };
}
