/** How figures, states and beginnings of compared runs are said. Pure. */
import type { ComparedFile, CompareRow, RunMetrics } from '../../../src/protocol/compare';
import { formatCost, formatDuration, formatNumber } from '../../../src/protocol/format';
import type { Tone } from '../../../src/protocol/messages';
import type { IconName } from '../icons';

type Look = { readonly icon: IconName; readonly tone: Tone; readonly word: string };

export const STATUS_LOOKS: Readonly<Record<RunMetrics['status'], Look>> = {
  running: { icon: 'debug-start', tone: 'active', word: 'Running' },
  waiting: { icon: 'question', tone: 'warn', word: 'Waits for approval' },
  paused: { icon: 'debug-pause', tone: 'warn', word: 'Paused' },
  interrupted: { icon: 'debug-disconnect', tone: 'warn', word: 'Interrupted' },
  cancelled: { icon: 'circle-slash', tone: 'warn', word: 'Cancelled' },
  succeeded: { icon: 'pass', tone: 'good', word: 'Succeeded' },
  failed: { icon: 'error', tone: 'bad', word: 'Failed' },
  stopped: { icon: 'shield', tone: 'bad', word: 'Stopped by policy or budget' },
};

export const DECISION_LOOKS = {
  allow: { icon: 'check', tone: 'good', word: 'Allowed' },
  ask: { icon: 'question', tone: 'warn', word: 'Needs approval' },
  deny: { icon: 'circle-slash', tone: 'bad', word: 'Denied' },
} as const satisfies Record<string, Look>;

export const OUTCOME_LOOKS = {
  success: { icon: 'pass', tone: 'good', word: 'success' },
  failure: { icon: 'error', tone: 'bad', word: 'failure' },
  exhausted: { icon: 'error', tone: 'bad', word: 'exhausted' },
  cancelled: { icon: 'circle-slash', tone: 'warn', word: 'cancelled' },
} as const satisfies Record<string, Look>;

export const FILE_WORDS: Readonly<Record<ComparedFile['runs'][number]['state'], string>> = {
  created: 'created',
  changed: 'changed',
  deleted: 'deleted',
  untouched: 'not touched',
  unknown: 'not known',
};

/** The sign of a column of the alignment, and what it says. */
export const ROW_SIGNS: Readonly<Record<CompareRow['state'], { readonly sign: string; readonly word: string }>> = {
  same: { sign: '=', word: 'the same in both runs' },
  changed: { sign: '≠', word: 'differs' },
  first: { sign: '−', word: 'only in run 1' },
  second: { sign: '+', word: 'only in run 2' },
};

const BEGINNING_WORDS = {
  task: 'task',
  blueprint: 'blueprint',
  policy: 'policy',
  model: 'model',
  files: 'files',
  engine: 'version of the engine',
} as const;

/** `They did not begin with the same policy and files.`; null when they did. */
export function beginningsText(beginnings: readonly (keyof typeof BEGINNING_WORDS)[]): string | null {
  const words = beginnings.map((one) => BEGINNING_WORDS[one]);
  const last = words.pop();
  if (last === undefined) return null;
  return `They did not begin with the same ${words.length === 0 ? last : `${words.join(', ')} and ${last}`}.`;
}

/** A figure of runs: how a value is said, and how another is said against the first run's. */
export type Figure = {
  readonly name: string;
  readonly say: (run: RunMetrics) => string;
  /** With a sign and a word; null where the two are the same, or it cannot be said. */
  readonly against: (run: RunMetrics, first: RunMetrics) => string | null;
};

export const FIGURES: readonly Figure[] = [
  ...counted('Attempts', ({ attempts }) => attempts),
  ...counted('Denials', ({ denials }) => denials),
  ...counted('Approvals', ({ approvals }) => approvals),
  ...counted('Model calls', ({ modelCalls }) => modelCalls),
  ...counted('Tokens', ({ tokens }) => tokens),
  {
    name: 'Cost',
    say: ({ costUsd }) => formatCost(costUsd),
    against: (run, first) =>
      run.costUsd === null || first.costUsd === null
        ? null
        : difference(run.costUsd - first.costUsd, formatCost, ['more', 'less']),
  },
  {
    name: 'Time',
    say: ({ ms }) => formatDuration(ms),
    against: (run, first) => difference(run.ms - first.ms, formatDuration, ['longer', 'shorter']),
  },
];

function counted(name: string, of: (run: RunMetrics) => number): Figure[] {
  const say = (run: RunMetrics): string => formatNumber(of(run));
  const against: Figure['against'] = (run, first) => difference(of(run) - of(first), formatNumber, ['more', 'fewer']);
  return [{ name, say, against }];
}

/** `+3 more`, `−3 fewer`; null for no difference. */
function difference(
  by: number,
  format: (value: number) => string,
  [up, down]: readonly [string, string],
): string | null {
  if (by === 0) return null;
  return by > 0 ? `+${format(by)} ${up}` : `−${format(-by)} ${down}`;
}
