/** What a person can do where runs are compared, as its components ask for it. */
import type { CompareView } from '../../../src/protocol/compare';

export type CompareActions = {
  /** Reads the runs anew. */
  readonly read: () => void;
  /** To the first difference. */
  readonly jump: () => void;
  readonly show: (view: CompareView) => void;
  /** Asks for the page of columns that begins at a place. */
  readonly need: (view: CompareView, from: number) => void;
  /** Opens the timeline of a run, at an event when one is named. */
  readonly openEvent: (runId: string, seq: number | null) => void;
  readonly openDiff: (file: number, run: number) => void;
};
