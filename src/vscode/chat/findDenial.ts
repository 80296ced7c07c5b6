/** Finds the denied call that a person asks about, in the record. */
import { type Denial, DeniedCalls } from '../denials/denials';
import type { ListedRun, Runs } from '../runs';
import { looksLikeName, looksLikeRun, type Named } from './words';

/** So many runs with denials are looked through, those first in which something was recorded last. */
const LOOKED_THROUGH = 20;

type FoundDenial =
  /** `unmatched`: names in the question that no denied call has; the denial is then the last one there is. */
  | { readonly kind: 'found'; readonly run: ListedRun; readonly seq: number; readonly unmatched: string[] }
  | { readonly kind: 'none'; readonly run: ListedRun | null }
  | { readonly kind: 'no such run'; readonly runId: string };

type Source = Pick<Runs, 'list' | 'events'>;
type Dated = Denial & { readonly at: string; readonly run: ListedRun };

/**
 * The last denied call that the words name: by its run, tool, rule or path; else the last one at all. An event that is named is
 * taken as it is. `givenUp` ends the search early.
 */
export async function findDenial(runs: Source, { seq, words }: Named, givenUp: () => boolean): Promise<FoundDenial> {
  const all = await runs.list();
  const run = all.find(({ runId }) => words.includes(runId.toLowerCase())) ?? null;
  const unknown = run === null ? words.find(looksLikeRun) : undefined;
  if (unknown !== undefined) return { kind: 'no such run', runId: unknown };
  if (seq !== null && run !== null) return { kind: 'found', run, seq, unmatched: [] };
  const names = words.filter((word) => word !== run?.runId.toLowerCase());
  const { last, named } = await search(runs, run === null ? byLatest(all) : [run], { names, givenUp });
  const denial = named ?? last;
  if (denial === null) return { kind: 'none', run };
  const unmatched = named === null ? names.filter(looksLikeName) : [];
  return { kind: 'found', run: denial.run, seq: seq ?? denial.seq, unmatched };
}

/** Runs with denials; first those that go on, then those that ended last. */
function byLatest(runs: readonly ListedRun[]): ListedRun[] {
  const last = ({ endedAt }: ListedRun): string => endedAt ?? '~';
  return runs
    .filter(({ denials }) => denials > 0)
    .sort((a, b) => (last(a) < last(b) ? 1 : last(a) > last(b) ? -1 : 0))
    .slice(0, LOOKED_THROUGH);
}

type Wanted = { readonly names: readonly string[]; readonly givenUp: () => boolean };

async function search(runs: Source, candidates: readonly ListedRun[], { names, givenUp }: Wanted) {
  let last: Dated | null = null;
  let named: Dated | null = null;
  const naming = names.some(looksLikeName);
  for (const run of candidates) {
    const best = naming ? named : (named ?? last);
    // In a run that ended before the best one's call was denied, nothing was denied later.
    if (best !== null && run.endedAt !== null && run.endedAt <= best.at) break;
    const calls = new DeniedCalls();
    for await (const event of runs.events(run.runId, 0)) {
      if (givenUp()) return { last, named };
      const denial = calls.take(event);
      if (denial === null) continue;
      const dated = { ...denial, at: event.at, run };
      last = later(last, dated);
      if (names.some((name) => isAbout(denial, name))) named = later(named, dated);
    }
  }
  return { last, named };
}

const later = (one: Dated | null, other: Dated): Dated => (one === null || other.at >= one.at ? other : one);

function isAbout({ tool, rule, paths }: Denial, name: string): boolean {
  if (name === tool.toLowerCase() || name === rule.toLowerCase()) return true;
  return paths.some(({ asked }) => {
    const path = asked.toLowerCase();
    return path === name || path.endsWith(`/${name}`);
  });
}
