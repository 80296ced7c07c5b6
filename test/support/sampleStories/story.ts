/** The form of a recorded run of the sample: who says what, turn by turn, and what must come out of it. */
import type { ScriptedStep } from '../scriptedModel';

type Beat = { readonly note: string; readonly step: ScriptedStep };

export type SampleStory = {
  /** The blueprint's id. */
  readonly blueprint: string;
  /** The name of the recording in the sample's `.openexec/cassettes`. */
  readonly cassette: string;
  readonly title: string;
  /** Null for the task that the sample itself holds. */
  readonly task: string | null;
  /** Whether the sample's fault was mended before: what must not change can only be proven where the tests pass. */
  readonly mended: boolean;
  readonly beats: readonly Beat[];
  /** Calls that the policy denies on the way. */
  readonly denials: number;
  /** The files that the result changes, sorted. */
  readonly changes: readonly string[];
};
