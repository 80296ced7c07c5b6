/** Recorded runs beside each other: each is read once, as a stream, without its payloads. */
import { align } from '../../core/compare/align';
import {
  type Compared,
  type ComparedRun,
  compareRecords,
  countSameFiles,
  differingBeginnings,
} from '../../core/compare/compare';
import { DivergenceFinder } from '../../core/compare/divergence';
import { RecordFold, type RunRecord } from '../../core/compare/record';
import { type Step, StepReader, type TitleOf } from '../../core/compare/steps';
import { MAX_COMPARED, MIN_COMPARED } from '../../core/events/comparison';
import { OpenExecError } from '../../core/kernel/errors';
import type { Progress } from '../../core/ports/progress';
import type { RunStore } from '../store/store';
import { breather } from '../system/breathe';
import { sha256 } from '../system/sha256';

type Source = Pick<RunStore, 'read'>;

export type CompareOptions = Progress & {
  /** Makes, for each run, what gives the line for people of its events. */
  readonly titles: () => TitleOf;
};

/**
 * Compares two to six runs, the first with each other one. Throws `usage` for another number or for a run that is named
 * twice, and `run_unknown` for one that is not there.
 */
export async function compareRuns(
  store: Source,
  runIds: readonly string[],
  options: CompareOptions,
): Promise<Compared> {
  checkRuns(runIds);
  const [firstId = '', ...others] = runIds;
  const first = await readRun(store, firstId, options, () => undefined);
  const runs: ComparedRun[] = [{ record: first.record, firstDivergence: null }];
  let last: readonly Step[] = [];
  for (const id of others) {
    const finder = new DivergenceFinder([firstId, id], first.steps);
    const isPair = others.length === 1;
    const { record, steps } = await readRun(store, id, options, (step) => finder.take(step), isPair);
    runs.push({ record, firstDivergence: finder.result() });
    last = steps;
  }
  const records = runs.map(({ record }) => record);
  return {
    comparison: compareRecords(runs),
    beginnings: differingBeginnings(records),
    sameFiles: countSameFiles(records),
    aligned: others.length === 1 ? { a: first.steps, b: last, columns: align(first.steps, last) } : null,
  };
}

/** Throws `usage`, in one line, unless these are two to six different runs. */
export function checkRuns(runIds: readonly string[]): void {
  if (runIds.length < MIN_COMPARED || runIds.length > MAX_COMPARED) {
    const wanted = `${MIN_COMPARED} to ${MAX_COMPARED} runs are compared`;
    throw new OpenExecError('usage', `${wanted}, got ${runIds.length}; name them by their ids, as \`runs\` lists them`);
  }
  const twice = runIds.find((id, at) => runIds.indexOf(id) !== at);
  if (twice !== undefined) throw new OpenExecError('usage', `the run ${twice} is named twice; compare it with others`);
}

type Read = { readonly record: RunRecord; readonly steps: readonly Step[] };

async function readRun(
  store: Source,
  id: string,
  { titles, signal }: CompareOptions,
  onStep: (step: Step) => void,
  keep = true,
): Promise<Read> {
  const [fold, reader] = [new RecordFold(), new StepReader(sha256, titles())];
  const breathe = breather();
  const steps: Step[] = [];
  for await (const event of store.read(id)) {
    if (signal?.aborted === true) throw new OpenExecError('cancelled', 'the comparison was ended before it was done');
    fold.take(event);
    const step = reader.take(event);
    if (step !== null) {
      onStep(step);
      if (keep) steps.push(step);
    }
    await breathe();
  }
  return { record: fold.result(), steps };
}
