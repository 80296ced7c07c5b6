/** What a person can do in the timeline, as its components ask for it. */
import type { ApprovalAnswer } from '../../src/protocol/approval';
import type { CheckMode } from '../../src/protocol/check';
import type { RunCommand } from '../../src/protocol/messages';
import type { Filter } from './filter/filter';
import type { Pane, Speed } from './state';

/** `compact`: in the side bar. */
export type Layout = 'full' | 'compact';

export type TimelineActions = {
  readonly select: (seq: number) => void;
  readonly follow: () => void;
  /** Follows the head of a live run no longer. */
  readonly stay: () => void;
  readonly fold: (keys: readonly string[], folded: boolean) => void;
  readonly showPane: (pane: Pane, open: boolean) => void;
  readonly filter: (filter: Partial<Filter>) => void;
  /** Plays the run, or stops it; see `playing` of the state. */
  readonly play: (speed: Speed | null) => void;
  /** Moves on while the run is played. */
  readonly advance: (to: number) => void;
  /** Opens the blueprint file at a node. */
  readonly reveal: (node: string) => void;
  readonly dismiss: () => void;
  readonly command: (id: RunCommand) => void;
  readonly resolve: (approval: string, answer: ApprovalAnswer) => void;
  /** Unfolds or folds how the decision at an event came about. */
  readonly explain: (seq: number, open: boolean) => void;
  /** Lets the run work on what the call of a decision was refused for, once the person has said on what. */
  readonly widen: (seq: number) => void;
  /** Opens the timeline of another run. */
  readonly openRun: (runId: string) => void;
  /** Asks what a change of a file did; the answer is in the state's `changes`. */
  readonly askChange: (seq: number) => void;
  /** Opens a file as it was after an event in the editor's own diff. */
  readonly openDiff: (seq: number, path: string, against: 'before' | 'base' | 'now') => void;
  /** Replays or verifies the run; how it goes is in the state's `check`. */
  readonly check: (mode: CheckMode) => void;
  readonly cancelCheck: () => void;
  readonly openDivergence: () => void;
  readonly copyLink: (seq: number) => void;
  /** Writes a picture of the view, as PNG in base64. */
  readonly saveImage: (png: string) => void;
};
