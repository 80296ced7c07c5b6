/** How the Runs view is arranged: which runs are listed, in which groups, in which order. Pure. */
import type { ListedRun } from '../runs';
import { lookOf } from '../statusWords';

/** By what runs are put together. */
export const GROUPINGS = ['day', 'blueprint'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export type RunGroup = {
  /** The same for the same group whenever it is made, so that it stays folded. */
  readonly group: string;
  readonly label: string;
  /** `waiting`: runs that ask a person something, whichever day or blueprint they are of. */
  readonly kind: 'waiting' | Grouping;
  /** Newest first, at least one. */
  readonly runs: readonly ListedRun[];
};

export type Arrangement = {
  readonly by: Grouping;
  /** What a person filters by; empty for nothing. */
  readonly filter: string;
  /** The runs that ask a person something in this window. */
  readonly waiting: ReadonlySet<string>;
  readonly now: Date;
  /** IANA name; that of the machine when left out. */
  readonly timeZone?: string;
};

/**
 * The groups of runs that come newest first. What waits for a person is on top and passes every filter; days come newest first,
 * blueprints in the order of their newest runs. No group is empty.
 */
export function groupRuns(runs: readonly ListedRun[], arrangement: Arrangement): RunGroup[] {
  const { by, filter, waiting, now, timeZone } = arrangement;
  const asking = runs.filter(({ runId }) => waiting.has(runId));
  const others = runs.filter((run) => !waiting.has(run.runId) && passes(run, filter));
  const days = calendar(now, timeZone);
  const groups = new Map<string, { label: string; runs: ListedRun[] }>();
  for (const run of others) {
    const { key, label } = by === 'day' ? days(run.startedAt) : { key: run.blueprint, label: run.blueprint };
    const group = groups.get(key) ?? { label, runs: [] };
    groups.set(key, group);
    group.runs.push(run);
  }
  const listed = [...groups].map(([key, group]): RunGroup => ({ ...group, group: `${by} ${key}`, kind: by }));
  if (asking.length === 0) return listed;
  return [{ group: 'waiting', label: 'Waiting for You', kind: 'waiting', runs: asking }, ...listed];
}

/** Whether all words of a filter are somewhere in what is said of a run: its task, state, blueprint, model, branch or id. */
export function passes(run: ListedRun, filter: string): boolean {
  const { task, blueprint, model, branch, runId, imported } = run;
  const said = [task, lookOf(run.status).word, blueprint, model, branch ?? '', runId, imported ? 'imported' : ''];
  const text = said.join('\n').toLowerCase();
  return wordsOf(filter).every((word) => text.includes(word));
}

const wordsOf = (filter: string): string[] =>
  filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

const DAY_MS = 86_400_000;

/** Names the day of a time, ISO 8601, as it is called now. */
function calendar(now: Date, timeZone: string | undefined): (at: string) => { key: string; label: string } {
  const zone = timeZone === undefined ? {} : { timeZone };
  // The Swedish way to write a date is that of ISO 8601.
  const keys = new Intl.DateTimeFormat('sv-SE', { ...zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const parts = { ...zone, weekday: 'long', day: 'numeric', month: 'long' } as const;
  const [short, long] = [parts, { ...parts, year: 'numeric' } as const].map(
    (of) => new Intl.DateTimeFormat('en-US', of),
  );
  const today = keys.format(now);
  // Of calendar days, not of hours: a day on which clocks change has not 24 of them.
  const yesterday = new Date(Date.parse(`${today}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
  return (at) => {
    const date = new Date(at);
    const key = keys.format(date);
    if (key === today) return { key, label: 'Today' };
    if (key === yesterday) return { key, label: 'Yesterday' };
    const format = key.slice(0, 4) === today.slice(0, 4) ? short : long;
    return { key, label: format?.format(date) ?? key };
  };
}
