/** The messages of the host in the states of the timeline that the preview takes pictures of. */
import { detailsOf } from '../../src/protocol/details';
import { headerWriter } from '../../src/protocol/headers';
import { type HostMessage, MAX_BATCH, PROTOCOL_VERSION, type RunView } from '../../src/protocol/messages';
import type { RunWriter } from './runWriter';
import { finishedRun, viewOf, waitingRun, waitingView } from './timelineRun';

type Scene = {
  messages: unknown[];
  details: HostMessage[];
  saved: { runId: string; selectedSeq: number | null } | null;
  /** A selector of what is there when the scene is complete. */
  ready: string;
};

const LOADED = '.details .facts';

export function scenes(): Record<string, Scene> {
  const finished = finishedRun();
  const waiting = waitingRun();
  const at = (run: RunWriter, test: (event: RunWriter['events'][number]) => boolean) => run.events.findIndex(test);
  const selecting = (seq: number) => sceneOf(finished, viewOf(finished), seq);
  const writing = live(waiting, at(waiting, (e) => e.type === 'model.requested' && e.data.turn === 5) + 1);
  return {
    finished: sceneOf(
      finished,
      viewOf(finished),
      at(finished, (e) => e.node === 'test' && e.type === 'tool.finished'),
    ),
    waiting: sceneOf(waiting, waitingView(waiting), null),
    denied: selecting(at(finished, (e) => e.type === 'policy.decided' && e.data.decision === 'deny')),
    diff: {
      ...selecting(at(finished, (e) => e.type === 'artifact.created' && e.data.kind === 'diff')),
      ready: '.line-plus',
    },
    model: selecting(at(finished, (e) => e.type === 'model.responded')),
    context: { ...selecting(at(finished, (e) => e.type === 'context.built')), ready: '.details table' },
    live: { ...writing, ready: '.writing' },
    empty: {
      messages: [{ type: 'hello', protocol: PROTOCOL_VERSION, run: null }],
      details: [],
      saved: null,
      ready: 'h1',
    },
    outdated: { messages: [{ type: 'hello', protocol: PROTOCOL_VERSION + 1 }], details: [], saved: null, ready: 'h1' },
  };
}

function sceneOf(run: RunWriter, view: RunView, seq: number | null): Scene {
  return {
    messages: [{ type: 'hello', protocol: PROTOCOL_VERSION, run: view }, ...batches(run)],
    details: run.events.map(detailsOf),
    saved: { runId: view.runId, selectedSeq: seq },
    ready: LOADED,
  };
}

/** The first events of a run whose model is writing. */
function live(run: RunWriter, events: number): Scene {
  const view = { ...waitingView(run), events, currentNode: 'fix', pendingApproval: null };
  const [first] = batches(run);
  const headers = first?.type === 'events' ? first.headers.slice(0, events) : [];
  const delta =
    'Rounding alone does not make the shares add up: 3 × 3.33 is 9.99. The repository has `allocate`, which';
  return {
    messages: [
      {
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        run: view,
        notice: 'The record is complete up to here; the run goes on.',
      },
      { type: 'events', runId: view.runId, from: 0, headers },
      { type: 'delta', runId: view.runId, text: delta },
    ],
    details: run.events.map(detailsOf),
    saved: null,
    ready: LOADED,
  };
}

/** A run's headers as the host sends them. */
export function batches(run: RunWriter): HostMessage[] {
  const headers = run.events.map(headerWriter());
  const runId = run.events[0]?.run ?? '';
  const starts = Array.from({ length: Math.ceil(headers.length / MAX_BATCH) }, (_, index) => index * MAX_BATCH);
  return starts.map((from) => ({ type: 'events', runId, from, headers: headers.slice(from, from + MAX_BATCH) }));
}
