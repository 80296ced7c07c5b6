/** Replays of records that are at hand as arrays. */
import type { RunEvent } from '../../src/core/events/schema';
import { canonicalize } from '../../src/core/kernel/json';
import type { RecordedEvent } from '../../src/core/replay/cursor';
import { type ReplayOptions, type ReplayPorts, replayExactly } from '../../src/core/replay/exact';
import { replayNode } from '../../src/core/replay/step';
import { continueSession, NOTHING_YET, type Recalled, recall, runSession } from '../../src/core/run/session';
import { sha256 } from './engine';

export type Recording = { readonly stored: readonly RunEvent[]; readonly inline: readonly RunEvent[] };

const NEVER = new AbortController().signal;
export const UNPACED: ReplayOptions = { hash: sha256, pace: async () => undefined };

/** The text of an event's line, by its place; null as for one whose text is not at hand. */
export type AsText = (event: RunEvent, at: number) => string | null;

/** The events one by one, as a store would give them, with the texts of their lines. */
export async function* recordOf(
  { stored, inline }: Recording,
  asText: AsText = canonicalize,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (const [at, event] of stored.entries()) {
    yield [{ stored: event, inline: inline[at] ?? event, text: asText(event, at) }];
  }
}

/** Exact replay with the real engine. */
export const replay = (recording: Recording, asText?: AsText) =>
  replayExactly(
    recordOf(recording, asText),
    (run, { type, data }, ports) => runSession(run, { type, data }, ports, NEVER),
    UNPACED,
  );

/** Step replay of one node with the real engine. */
export const replayNodeIn = (recording: Recording, node: string) =>
  replayNode(
    recordOf(recording),
    node,
    {
      start: NOTHING_YET,
      recall,
      proceed: (run: string, past: Recalled, ports: ReplayPorts) => continueSession(run, past, ports, NEVER),
    },
    UNPACED,
  );
