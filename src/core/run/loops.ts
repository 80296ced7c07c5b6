/**
 * Finding an agent that goes round in circles, by its calls and their results alone. Pure: a replay finds the same.
 */
import { canonicalize } from '../kernel/json';
import { oneLine } from '../kernel/text';

/** A call of this visit that has its outcome. */
export type DoneCall = {
  readonly tool: string;
  /** Canonical JSON of the arguments, or the text as the model wrote it where that is not JSON or is long. */
  readonly input: string;
  readonly output: string;
  readonly ok: boolean;
  /** True when it failed or brought nothing that the visit had not seen before. */
  readonly idle: boolean;
};

export type Loop = {
  readonly kind: 'same call' | 'alternating' | 'no progress';
  readonly calls: number;
  readonly detail: string;
};

/** How often the same call may bring the same result while the work tree stays as it is. */
const SAME = 3;
/** Calls that are looked at for two that take turns. */
const TURNS = 6;
/** Calls in a row that may bring nothing new. */
const IDLE = 8;

/** One more call at the end of those of the visit. */
export function withCall(
  done: readonly DoneCall[],
  { tool, input, output, ok }: Pick<DoneCall, 'tool' | 'input' | 'output' | 'ok'>,
): readonly DoneCall[] {
  const call = { tool, input: normalized(input), output, ok };
  return [...done, { ...call, idle: !ok || done.some((earlier) => same(earlier, call)) }];
}

/** Characters of arguments up to which the same ones are known however they are written. */
const SPELLED = 4000;

function normalized(input: string): string {
  if (input.length > SPELLED) return input;
  try {
    return canonicalize(JSON.parse(input));
  } catch {
    return input;
  }
}

type Compared = Pick<DoneCall, 'tool' | 'input' | 'output'>;

const same = (a: Compared, b: Compared): boolean => a.tool === b.tool && a.input === b.input && a.output === b.output;

/** The loop that the last call closes, or null; `settled` is how many calls there were when the tree last changed. */
export function loopIn(done: readonly DoneCall[], settled: number): Loop | null {
  const last = done.at(-1);
  if (last === undefined) return null;
  const times = done.slice(settled).filter((call) => same(call, last)).length;
  if (times >= SAME) {
    return { kind: 'same call', calls: times, detail: `${named(last)} was called ${times} times with the same result` };
  }
  const turns = done.slice(-TURNS);
  const [first, second] = turns;
  if (turns.length === TURNS && first && second && !same(first, second) && takeTurns(turns)) {
    const detail = `${named(first)} and ${named(second)} took turns with the same results`;
    return { kind: 'alternating', calls: TURNS, detail };
  }
  if (done.length >= IDLE && done.slice(-IDLE).every((call) => call.idle)) {
    return { kind: 'no progress', calls: IDLE, detail: `${IDLE} calls in a row failed or brought nothing new` };
  }
  return null;
}

const takeTurns = (calls: readonly DoneCall[]): boolean =>
  calls.every((call, at) => at < 2 || same(call, calls[at - 2] ?? call));

const named = ({ tool, input }: DoneCall): string => `${oneLine(tool, 100)} ${oneLine(input, 160)}`;
