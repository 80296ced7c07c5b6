/** The messages of the host in the states of the timeline that the preview takes pictures of. */
import { readFileSync } from 'node:fs';
import { graphOf } from '../../src/core/blueprint/graph';
import { type Blueprint, blueprintSchema } from '../../src/core/blueprint/schema';
import { type FoldedMoment, foldMoment, momentOf } from '../../src/core/events/moment';
import { textOf } from '../../src/core/events/payload';
import { parseYaml } from '../../src/core/kernel/yaml';
import { detailsOf } from '../../src/protocol/details';
import type { Picture } from '../../src/protocol/graph';
import { headerWriter } from '../../src/protocol/headers';
import { type HostMessage, MAX_BATCH, PROTOCOL_VERSION, type RunView } from '../../src/protocol/messages';
import { RUN, type RunWriter } from './runWriter';
import {
  finishedRun,
  interruptedRun,
  interruptedView,
  resumedRun,
  viewOf,
  waitingRun,
  waitingView,
} from './timelineRun';

type Scene = {
  messages: unknown[];
  details: HostMessage[];
  /** What is answered to the selection of each event. */
  moments: HostMessage[];
  saved: { runId: string; selectedSeq: number | null; momentOpen?: boolean; graphOpen?: boolean } | null;
  /** A selector of what is pressed first. */
  press?: string;
  /** A selector of what is there when the scene is complete. */
  ready: string;
};

const LOADED = '.side:has(.moment-status, [aria-expanded="false"]) .details .facts';

export function scenes(): Record<string, Scene> {
  const finished = finishedRun();
  const waiting = waitingRun();
  const at = (run: RunWriter, test: (event: RunWriter['events'][number]) => boolean) => run.events.findIndex(test);
  const interrupted = interruptedRun();
  const resumed = resumedRun();
  const selecting = (seq: number) => sceneOf(finished, viewOf(finished), seq);
  const writing = live(waiting, at(waiting, (e) => e.type === 'model.requested' && e.data.turn === 5) + 1);
  return {
    finished: sceneOf(
      finished,
      viewOf(finished),
      at(finished, (e) => e.node === 'test' && e.type === 'tool.finished'),
    ),
    waiting: sceneOf(waiting, waitingView(waiting), null),
    editable: {
      ...sceneOf(waiting, { ...waitingView(waiting), pendingApproval: EDITABLE }, null),
      press: 'vscode-button:has(.codicon-edit)',
      ready: '.text-area textarea',
    },
    graph: withGraph(sceneOf(finished, viewOf(finished), at(finished, (e) => e.node === 'fix') + 8)),
    graphLive: withGraph(writing),
    blueprint: pictured({ graph: graphOf(shipped('quick_fix')), bound: BOUND, problems: [] }),
    blueprintWrong: pictured({
      graph: graphOf(shipped('quick_fix')),
      bound: null,
      problems: ['quick_fix.yaml:52:5 the loop through "lint" has no counted route; give one of its routes a max'],
    }),
    blueprintLarge: pictured({ graph: graphOf(manyNodes(100)), bound: BOUND, problems: [] }),
    denied: selecting(at(finished, (e) => e.type === 'policy.decided' && e.data.decision === 'deny')),
    diff: {
      ...selecting(at(finished, (e) => e.type === 'artifact.created' && e.data.kind === 'diff')),
      ready: '.line-plus',
    },
    interrupted: unfolded(sceneOf(interrupted, interruptedView(interrupted), interrupted.events.length - 1)),
    imported: sceneOf(
      resumed,
      { ...viewOf(resumed), readOnly: true, imported: true, canDiscard: false, result: 'none' },
      resumed.events.length - 1,
    ),
    large: large(finished),
    model: selecting(at(finished, (e) => e.type === 'model.responded')),
    context: { ...selecting(at(finished, (e) => e.type === 'context.built')), ready: '.details table' },
    live: { ...writing, ready: '.writing' },
    empty: {
      messages: [{ type: 'hello', protocol: PROTOCOL_VERSION, run: null }],
      details: [],
      moments: [],
      saved: null,
      ready: 'h1',
    },
    outdated: {
      messages: [{ type: 'hello', protocol: PROTOCOL_VERSION + 1 }],
      details: [],
      moments: [],
      saved: null,
      ready: 'h1',
    },
  };
}

function sceneOf(run: RunWriter, view: RunView, seq: number | null): Scene {
  return {
    messages: [{ type: 'hello', protocol: PROTOCOL_VERSION, run: view }, graphMessage(run), ...batches(run)],
    details: run.events.map(detailsOf),
    moments: momentsOf(run),
    saved: { runId: view.runId, selectedSeq: seq },
    ready: LOADED,
  };
}

const EDITABLE = {
  approval: 'approval-1',
  title: 'git_commit',
  detail: '{"message":"Make discounts add up to the cent"}',
  editable: true,
};

const BOUND = {
  nodeExecutions: 31,
  agentTurns: 52,
  modelCalls: 156,
  tokens: 3_328_000,
  minutes: 435,
  costUsd: null,
};

const withGraph = (scene: Scene): Scene => ({
  ...scene,
  saved: { runId: RUN, selectedSeq: null, momentOpen: false, ...scene.saved, graphOpen: true },
  ready: '.graph-node',
});

/** A blueprint without a run. */
const pictured = (picture: Picture): Scene => ({
  messages: [{ type: 'hello', protocol: PROTOCOL_VERSION, run: null, picture }],
  ...{ details: [], moments: [], saved: null, ready: '.graph-node' },
});

/** The graph of a run's blueprint, as the host sends it. */
function graphMessage({ events: [first] }: RunWriter): HostMessage {
  if (first?.type !== 'run.started') throw new Error('a run begins with run.started');
  const blueprint = blueprintSchema.parse(JSON.parse(textOf(first.data.blueprint.definition)));
  return { type: 'graph', runId: RUN, picture: { graph: graphOf(blueprint), bound: first.data.bound, problems: [] } };
}

/** A blueprint that ships with OpenExec; the tests and the preview run in the root of the repository. */
function shipped(id: string): Blueprint {
  const parsed = parseYaml(readFileSync(`blueprints/${id}.yaml`, 'utf8'), blueprintSchema);
  if (!parsed.ok) throw new Error(parsed.error[0]?.message);
  return parsed.value.value;
}

/** A blueprint as large as one may be: checks with an agent that repairs what each of them finds. */
export function manyNodes(count: number): Blueprint {
  const nodes: Record<string, object> = {};
  for (let i = 0; i < count / 2; i++) {
    const next = i + 1 < count / 2 ? `check_${i + 1}` : 'done';
    const repair = { to: `repair_${i}`, max: 2 };
    nodes[`check_${i}`] = { type: 'deterministic', action: 'run_tests', on_success: next, on_failure: repair };
    nodes[`repair_${i}`] = {
      type: 'agent',
      goal: 'Mend it.',
      max_turns: 4,
      on_success: `check_${i % 7 === 0 ? Math.max(0, i - 3) : i}`,
    };
  }
  const head = { version: 1, id: 'many', title: 'Many nodes', description: '', toolset: 'coding', start: 'check_0' };
  return blueprintSchema.parse({ ...head, nodes });
}

const unfolded = (scene: Scene): Scene => ({ ...scene, saved: scene.saved && { ...scene.saved, momentOpen: true } });

/** A run that changed more files than are listed. */
function large(run: RunWriter): Scene {
  const scene = unfolded(sceneOf(run, viewOf(run), run.events.length - 1));
  const version = { sha256: '0'.repeat(64), bytes: 1_234, kept: true };
  const files = Array.from({ length: 500 }, (_, i) => ({
    path: `packages/package-${String(i % 20).padStart(2, '0')}/src/components/generated/file-${i}.ts`,
    before: i % 3 === 0 ? null : version,
    after: i % 7 === 0 ? null : version,
    how: 'run_format',
  }));
  const many = (message: HostMessage): HostMessage =>
    message.type === 'moment' ? { ...message, moment: { ...message.moment, files, moreFiles: 1_500 } } : message;
  return { ...scene, moments: scene.moments.map(many) };
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
      graphMessage(run),
      { type: 'events', runId: view.runId, from: 0, headers },
      { type: 'delta', runId: view.runId, text: delta },
    ],
    details: run.events.map(detailsOf),
    moments: momentsOf(run),
    saved: null,
    ready: LOADED,
  };
}

/** The state at each event, as the host answers it. */
export function momentsOf(run: RunWriter): HostMessage[] {
  let folded: FoldedMoment | null = null;
  return run.events.map((event) => {
    folded = foldMoment(folded, event);
    return { type: 'moment', runId: event.run, moment: momentOf(folded) };
  });
}

/** A run's headers as the host sends them. */
export function batches(run: RunWriter): HostMessage[] {
  const headers = run.events.map(headerWriter());
  const runId = run.events[0]?.run ?? '';
  const starts = Array.from({ length: Math.ceil(headers.length / MAX_BATCH) }, (_, index) => index * MAX_BATCH);
  return starts.map((from) => ({ type: 'events', runId, from, headers: headers.slice(from, from + MAX_BATCH) }));
}
