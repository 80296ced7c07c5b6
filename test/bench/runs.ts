/** The runs that are measured: events of about 1 KB each, and a run of the engine itself that can be replayed. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EMPTY_HEAD, type Head, headAfter, lineOf, seal } from '../../src/core/events/chain';
import type { EventBody, RunEvent } from '../../src/core/events/schema';
import { sha256 } from '../../src/node/system/sha256';
import { play, reply } from '../support/engine';
import { finished, nodeStarted, origin, toolFinished, toolRequested } from '../support/eventChain';

/** Sized so that the stored line of such a call has 1,000 bytes or a little more. */
const TEXT = 'const price = items.reduce((sum, item) => sum + item.price, 0); // keep the cents\n'.repeat(8);

function bodyAt(seq: number, last: number): EventBody {
  if (seq === 0) return origin();
  if (seq === last) return finished;
  if (seq % 50 === 49) return nodeStarted(`step-${seq}`);
  const call = `call-${Math.ceil(seq / 2)}`;
  if (seq % 2 === 0) return toolFinished(call, TEXT);
  return toolRequested(call, JSON.stringify({ path: `src/file-${seq % 97}.ts`, text: TEXT }));
}

/** The events of a run of `count` events, one after the other: a long one is never in memory as a whole. */
export function* eventsOf(run: string, count: number): Generator<RunEvent> {
  let head: Head = EMPTY_HEAD;
  for (let seq = 0; seq < count; seq += 1) {
    const at = new Date(Date.UTC(2026, 0, 31, 12) + seq * 40).toISOString();
    const event = seal(bodyAt(seq, count - 1), { run, at, head, hash: sha256 });
    head = headAfter(event);
    yield event;
  }
}

const NODES = 40;
/** So many of each node that the run is nearly as long as a segment of a journal. */
const TURNS = 60;

/** A journal of a run of the real engine, with agents that take turns and call tools; answers how many events it has. */
export async function storeReplayable(root: string, run: string): Promise<number> {
  const nodes = Array.from(
    { length: NODES },
    (_, i) =>
      `  n${i}: { type: agent, goal: Do part ${i}, max_turns: ${TURNS + 1}, max_call_tokens: 200000, on_success: ${i + 1 < NODES ? `n${i + 1}` : 'done'} }`,
  );
  const blueprint = [
    'version: 1',
    'id: bench',
    'title: Bench',
    "description: ''",
    'toolset: coding_backend',
    'start: n0',
    'nodes:',
    ...nodes,
  ];
  // Each call is another one, or the engine would see that the agent goes round in circles.
  const turn = (at: number) =>
    reply(
      'I look at the file first.',
      ...Array.from({ length: 5 }, (_, i): [string, unknown] => ['read_file', { path: `src/file-${at}-${i}.ts` }]),
    );
  const visit = [...Array.from({ length: TURNS }, (_, at) => turn(at)), reply('Done.')];
  const { events } = await play({
    blueprint: blueprint.join('\n'),
    replies: Array.from({ length: NODES }, () => visit).flat(),
    tools: { read_file: () => ({ outcome: 'ok', output: TEXT }) },
  });
  const folder = path.join(root, 'runs', run);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'journal.jsonl'), events.map(lineOf).join(''));
  return events.length;
}
