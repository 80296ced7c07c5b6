import type { Tone } from '../../../src/protocol/messages';

/** A stretch of events of one visit of one node (or of the run itself, between nodes). */
export type Visit = {
  /** Stable while the visit grows: the seq of its first event. */
  readonly key: string;
  readonly node: string | null;
  readonly attempt: number;
  /** The seq of its first event, and of the one after its last. */
  readonly from: number;
  readonly to: number;
  /** Null while the visit has not come to its end. */
  readonly outcome: string | null;
  readonly tone: Tone;
  /** From its first to its last event, in milliseconds. */
  readonly ms: number;
  readonly denials: number;
};
