/**
 * Step replay: one node again, from the state that the record gives it, on the recorded effects. What stands before and
 * after the node is taken as recorded and not compared.
 */
import { type Head, headAfter } from '../events/chain';
import type { RunEvent } from '../events/schema';
import type { RecordedRun } from './cursor';
import { Replay, type ReplayOptions, type ReplayPorts, type ReplayVerdict } from './exact';

/** The engine, handed in: replay may not import `run`. `S` is a run as its record tells it up to some event. */
export type Engine<S> = {
  readonly start: S;
  readonly recall: (past: S, event: RunEvent) => S;
  readonly proceed: (run: string, past: S, ports: ReplayPorts) => Promise<unknown>;
};

/** `visits` is how often the node was replayed; 0 means that the run never came to it. */
export type NodeVerdict = ReplayVerdict & { readonly visits: number };

/** Replays every visit of a node. Rejects with a ReplayError when there is nothing to replay from. */
export async function replayNode<S>(
  record: RecordedRun,
  node: string,
  engine: Engine<S>,
  options: ReplayOptions,
): Promise<NodeVerdict> {
  const replay = new Replay(record, options);
  let past = engine.start;
  let visits = 0;
  let over = false;
  let last: Head | null = null;
  replay.onTaken = (event) => {
    past = engine.recall(past, event);
    last = headAfter(event);
    over ||= event.type === 'node.finished' && event.node === node;
  };
  try {
    const first = await replay.first();
    for (let due: RunEvent | undefined = first; due && !replay.diverged; due = await replay.due()) {
      if (due.type === 'node.started' && due.node === node) {
        visits += 1;
        over = false;
        const ports = replay.ports(first, () => over);
        await replay.guard(() => engine.proceed(first.run, past, ports));
      } else {
        const event = due;
        await replay.pass();
        await replay.guard(async () => {
          past = engine.recall(past, event);
        });
      }
    }
    const verdict = await replay.verdict();
    return { ...verdict, recordedHead: last ?? verdict.recordedHead, visits };
  } finally {
    await replay.close();
  }
}
