/** The messages of the host in the states of the timeline that the preview takes pictures of. */
import { readFileSync } from 'node:fs';
import { graphOf } from '../../src/core/blueprint/graph';
import { type Blueprint, blueprintSchema } from '../../src/core/blueprint/schema';
import { type FoldedMoment, foldMoment, momentOf } from '../../src/core/events/moment';
import { textOf } from '../../src/core/events/payload';
import type { EventType } from '../../src/core/events/schema';
import { parseYaml } from '../../src/core/kernel/yaml';
import type { ChangeLine, PendingApproval } from '../../src/protocol/approval';
import type { Check } from '../../src/protocol/check';
import { detailsOf } from '../../src/protocol/details';
import type { Picture } from '../../src/protocol/graph';
import { headerWriter } from '../../src/protocol/headers';
import { type HostMessage, MAX_BATCH, PROTOCOL_VERSION, type RunView } from '../../src/protocol/messages';
import type { Drift, Explanation } from '../../src/protocol/policy';
import type { Pane } from '../../webview-ui/src/state';
import { boundedRun, boundedView, SENDING, SENSITIVE } from './boundedRun';
import { changeAt, detailedRun, placeOf, withFiles } from './detailScenes';
import { RUN, type RunWriter } from './runWriter';
import {
  COMMIT,
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
  /** What is answered to a person who asks how the selected decision came about. */
  explanation?: HostMessage;
  /** What is answered to the question what the selected change of a file did. */
  change?: HostMessage;
  saved: {
    runId: string;
    selectedSeq: number | null;
    panes?: readonly ('moment' | 'graph' | 'charts' | 'check' | 'keys')[];
  } | null;
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
  const denial = at(finished, (e) => e.type === 'policy.decided' && e.data.decision === 'deny');
  const denied: Scene = {
    ...selecting(denial),
    explanation: { type: 'explanation', runId: RUN, seq: denial, explanation: EXPLANATION, problem: '' },
  };
  const bounded = boundedRun();
  const broken = boundedRun('media/gatekeeper/model.onnx is missing');
  const inBounds = (run: RunWriter, type: EventType, change: Partial<RunView> = {}) =>
    sceneOf(
      run,
      boundedView(run, change),
      at(run, (e) => e.type === type),
    );
  const writing = live(waiting, at(waiting, (e) => e.type === 'model.requested' && e.data.turn === 5) + 1);
  return {
    finished: sceneOf(
      finished,
      viewOf(finished),
      at(finished, (e) => e.node === 'test' && e.type === 'tool.finished'),
    ),
    waiting: sceneOf(waiting, waitingView(waiting), null),
    editable: {
      ...asking(waiting, EDITABLE),
      press: '.button:has(.codicon-edit)',
      ready: '.text-area textarea',
    },
    command: asking(waiting, HIDDEN_COMMAND, EDITABLE),
    written: asking(waiting, WRITTEN),
    question: asking(waiting, QUESTION),
    sending: { ...inBounds(bounded, 'context.built', { approvals: [SENDING] }), ready: '.context-files' },
    sensitive: inBounds(bounded, 'sensitivity.raised', { approvals: [SENSITIVE] }),
    plan: inBounds(bounded, 'plan.proposed'),
    planAlone: inBounds(broken, 'plan.proposed'),
    accepted: inBounds(bounded, 'plan.accepted'),
    egress: inBounds(bounded, 'egress.sent'),
    widened: inBounds(bounded, 'zones.widened'),
    outside: sceneOf(
      bounded,
      boundedView(bounded),
      at(bounded, (e) => e.type === 'policy.decided' && e.data.rule === 'zones'),
    ),
    explained: {
      ...denied,
      messages: [...denied.messages, { type: 'drift', runId: RUN, drift: DRIFT }],
      press: '.explain .fold',
      ready: '.is-marked',
    },
    drifted: {
      ...denied,
      messages: [...denied.messages, { type: 'drift', runId: RUN, drift: DRIFT }],
      press: '.drift .fold',
      ready: '.drift-body',
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
    denied,
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
    ...detailScenes(),
    ...paneScenes(selecting(at(finished, (e) => e.node === 'fix' && e.type === 'model.responded'))),
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

/** A change of a file, a request with a redaction, a call with its approval or its report, files of a moment. */
function detailScenes(): Record<string, Scene> {
  const run = detailedRun();
  const at = (seq: number, change: Partial<RunView> = {}): Scene => sceneOf(run, viewOf(run, change), seq);
  const changed = placeOf(run, 'file.changed');
  const ended = (tool: string) => at(placeOf(run, 'tool.finished', ({ data }) => data.tool === tool));
  const fileChanged = { ...at(changed), change: changeAt(changed) };
  return {
    fileChanged: { ...fileChanged, ready: '.line-plus' },
    requested: { ...at(placeOf(run, 'model.requested')), ready: '.redacted' },
    toolChanged: ended('replace_in_file'),
    toolReported: { ...ended('run_project_command'), ready: '.details table' },
    toolApproved: ended('git_commit'),
    tests: {
      ...at(placeOf(run, 'artifact.created', ({ data }) => data.name === 'test_report')),
      ready: '.details table',
    },
    files: { ...unfolded({ ...fileChanged, moments: withFiles(fileChanged.moments) }), ready: '.file-tree' },
  };
}

/** What was spent; a check that goes on, one that found nothing, one that did; the menu of the header. */
function paneScenes(scene: Scene): Record<string, Scene> {
  const open = (panes: readonly Pane[], check: Check | null, ready: string): Scene => ({
    ...scene,
    messages: [...scene.messages, ...(check === null ? [] : [{ type: 'check', runId: RUN, check }])],
    saved: { runId: RUN, selectedSeq: scene.saved?.selectedSeq ?? null, panes },
    ready,
  });
  return {
    charts: { ...open(['charts'], null, '.chart canvas'), messages: scene.messages.map(priced) },
    checking: open(['check'], { state: 'running', mode: 'exact', done: 41, total: 90 }, '.check progress'),
    sound: open(['check'], SOUND, '.check-verdict'),
    unsound: open(['check'], UNSOUND, '.check-verdict'),
    diverged: open(['check', 'charts', 'moment'], DIVERGED, '.check-sides'),
    menu: { ...open(['moment'], null, '.menu-list'), press: '.menu-button' },
  };
}

/** The same headers with prices for all requests but those of the first model call. */
function priced(message: unknown): unknown {
  const { type, headers } = message as Partial<Extract<HostMessage, { type: 'events' }>>;
  if (type !== 'events' || headers === undefined) return message;
  const withPrice = headers.map((header) =>
    header.spent === undefined || header.seq < 15
      ? header
      : { ...header, spent: { ...header.spent, costUsd: 0.004 + (header.seq % 7) / 1000 } },
  );
  return { ...(message as object), headers: withPrice };
}

const CHECKED: Omit<Extract<Check, { state: 'ended' }>, 'mode' | 'verdict' | 'words'> = {
  state: 'ended',
  findings: [],
  notChecked: [],
  divergence: null,
};

export const SOUND: Check = {
  ...CHECKED,
  mode: 'verify',
  verdict: 'good',
  words: 'The record is sound: 90 events, 12 blobs.',
  notChecked: ['signatures come with an evidence bundle'],
};

export const UNSOUND: Check = {
  ...CHECKED,
  mode: 'verify',
  verdict: 'bad',
  words: 'The record is NOT sound: 2 findings in 90 events, 12 blobs.',
  findings: [
    { seq: 41, words: 'prev is not the hash of the event before (expected 9f3e1aa0…, found 0000…)' },
    { seq: 95, words: 'its end was cut or rewritten (expected 96 events kept by this editor, found 90 events)' },
  ],
  notChecked: ['signatures come with an evidence bundle', 'no head of this run was kept elsewhere'],
};

export const DIVERGED: Check = {
  ...CHECKED,
  mode: 'exact',
  verdict: 'bad',
  words: 'The replay diverges at event 22.',
  notChecked: ['The replay stops at its first difference: nothing after it was compared.'],
  divergence: {
    seq: 22,
    path: 'data.facts.paths.0',
    recorded: JSON.stringify({ asked: 'src/discount.js', inside: 'src/discount.js' }, null, 2),
    replayed: JSON.stringify({ asked: 'src/invoices.js', inside: 'src/invoices.js' }, null, 2),
  },
};

function sceneOf(run: RunWriter, view: RunView, seq: number | null): Scene {
  return {
    messages: [{ type: 'hello', protocol: PROTOCOL_VERSION, run: view }, graphMessage(run), ...batches(run)],
    details: run.events.map(detailsOf),
    moments: momentsOf(run),
    saved: { runId: view.runId, selectedSeq: seq },
    ready: LOADED,
  };
}

/** The waiting run, with other questions than its own, and one of another run. */
const asking = (run: RunWriter, ...approvals: PendingApproval[]): Scene =>
  sceneOf(run, { ...waitingView(run), approvals, elsewhere: approvals.length > 1 ? [ELSEWHERE] : [] }, null);

const ELSEWHERE = {
  runId: '01JD0000000000000000000002',
  task: 'Write the changelog',
  title: 'git_commit: a commit asks',
};

const EDITABLE: PendingApproval = {
  ...COMMIT,
  title: 'git_commit',
  detail: '{"message":"Make discounts add up to the cent"}',
  editable: true,
};

/** A command whose last word is not what it seems to be. */
export const HIDDEN_COMMAND: PendingApproval = {
  ...COMMIT,
  approval: 'approval-2',
  title: 'run_command npx prettier --write src/\u202Egpj.exe: other commands ask',
  detail: JSON.stringify({ command: 'npx prettier --write src/\u202Egpj.exe' }),
  editable: true,
  repeatable: true,
  tool: 'run_command',
  asks: {
    seq: 87,
    rule: 'other-commands-ask',
    layer: 'workspace policy team (.openexec/policy.yaml)',
    reason: 'Commands that are not known to be harmless need a person.',
  },
  change: {
    kind: 'command',
    line: 'npx prettier --write src/\u202Egpj.exe',
    argv: ['npx', 'prettier', '--write', 'src/\u202Egpj.exe'],
    why: 'npx runs another program',
  },
};

const line = (kind: ChangeLine['kind'], before: number | null, after: number | null, text: string): ChangeLine => ({
  ...{ kind, before, after, text },
});

export const WRITTEN: PendingApproval = {
  ...HIDDEN_COMMAND,
  title: 'write_file package.json: the manifest decides which commands run',
  detail: JSON.stringify({ path: 'package.json', content: '{\n  "name": "tallybook"\n}' }),
  tool: 'write_file',
  asks: {
    seq: 87,
    rule: 'manifests-ask',
    layer: 'chosen policy standard (shipped)',
    reason: 'A manifest decides which commands run.',
  },
  change: {
    kind: 'file',
    path: 'package.json',
    what: 'Replaces the content: 2 lines added, 2 lines removed',
    lines: [
      line('same', 1, 1, '{'),
      line('minus', 2, null, '  "name": "tallybook",'),
      line('minus', 3, null, '  "scripts": { "test": "node tools/test.mjs" }'),
      line('plus', null, 2, '  "name": "tallybook",'),
      line('plus', null, 3, '\t"scripts": { "test": "node tools/test.mjs\u200b; true" }'),
      line('same', 4, 4, '}'),
      line('head', null, null, 'There is no line feed at the end of the new text.'),
    ],
    moreLines: 0,
  },
};

export const QUESTION: PendingApproval = {
  ...COMMIT,
  title: 'Should rounding differences go to the first line or to the last?',
  detail: JSON.stringify({ question: 'Should rounding differences go to the first line or to the last?' }),
  question: true,
  tool: 'ask_user',
  asks: null,
};

const STEP = {
  layer: 'chosen',
  source: 'shipped',
  target: 'config/production.env',
  matched: false,
  won: false,
} as const;

export const EXPLANATION: Explanation = {
  decision: {
    decision: 'deny',
    rule: 'secrets-never-read',
    layer: 'chosen policy standard (shipped)',
    reason: 'files that hold secrets are never read',
  },
  steps: [
    {
      ...STEP,
      layer: 'built in',
      source: 'OpenExec',
      target: null,
      rule: 'toolset',
      effect: 'deny',
      why: 'nothing stands against it',
    },
    {
      ...STEP,
      rule: 'workspace-read-write',
      effect: 'allow',
      matched: true,
      why: 'paths in the workspace may be read and changed',
    },
    {
      ...STEP,
      rule: 'secrets-never-read',
      effect: 'deny',
      matched: true,
      won: true,
      why: 'files that hold secrets are never read',
    },
    { ...STEP, rule: 'manifests-ask', effect: 'ask', why: 'no path of the rule matches config/production.env' },
    {
      ...STEP,
      layer: 'workspace',
      source: '.openexec/policy.yaml',
      rule: 'docs-ask',
      effect: 'ask',
      why: 'the rule is not about repo_read',
    },
  ],
  moreSteps: 0,
};

export const DRIFT: Drift = {
  was: 'a'.repeat(64),
  now: 'b'.repeat(64),
  wider: [
    {
      what: 'running npx prettier',
      was: 'deny',
      now: 'ask',
      rule: 'other-commands-ask, chosen policy standard (shipped)',
    },
  ],
  narrower: [
    {
      what: 'changing docs/x.md',
      was: 'allow',
      now: 'ask',
      rule: 'docs-ask, workspace policy team (.openexec/policy.yaml)',
    },
    {
      what: 'reading config/x.env',
      was: 'allow',
      now: 'deny',
      rule: 'no-config, workspace policy team (.openexec/policy.yaml)',
    },
  ],
  more: 0,
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
  saved: { runId: RUN, selectedSeq: null, ...scene.saved, panes: ['graph'] },
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

const unfolded = (scene: Scene): Scene => ({ ...scene, saved: scene.saved && { ...scene.saved, panes: ['moment'] } });

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
  const view = { ...waitingView(run), events, currentNode: 'fix', approvals: [] };
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
