/**
 * A scripted world around the engine: what model, tools and people answer is told beforehand, over and over; what was
 * done is counted, across every time that a run is taken up again. The log and the blobs are the caller's.
 */
import type { Blueprint } from '../../src/core/blueprint/schema';
import type { ToolOutcome } from '../../src/core/events/parts';
import type { EventBody, RunEvent } from '../../src/core/events/schema';
import { canonicalize } from '../../src/core/kernel/json';
import { type Policy, policySchema, toolsetSchema } from '../../src/core/policy/schema';
import { freeze } from '../../src/core/policy/snapshot';
import type { Approver } from '../../src/core/ports/approver';
import type { Clock } from '../../src/core/ports/clock';
import type { Blobs, EventLog } from '../../src/core/ports/eventLog';
import type { Intervention } from '../../src/core/ports/intervention';
import { type Model, type ModelFailure, type ModelReply, NOTHING_KNOWN } from '../../src/core/ports/model';
import type { CallRequest, Toolbox } from '../../src/core/ports/toolbox';
import { boundOf } from '../../src/core/run/budget';
import type { SessionPorts } from '../../src/core/run/session';
import { FLAGS } from '../../src/core/run/versions';
import { sha256 } from '../../src/node/system/sha256';
import { reportsOf, testsOf } from './engine';
import { gatekeeping, NO_MODEL, RULES_ALONE } from './gatekeeper';

/** What a call comes to; `changes` writes a file, which leaves events and another tree behind. */
export type Told = {
  readonly outcome: Extract<ToolOutcome, 'ok' | 'error' | 'timeout'>;
  readonly exitCode: number;
  readonly output: string;
  readonly changes: boolean;
};

export type Story = {
  readonly blueprint: Blueprint;
  readonly task: string;
  readonly budget: { readonly modelCalls: number; readonly tokens: number; readonly minutes: number };
  /** Each list is gone through from its start again when it is used up; none is empty. */
  readonly replies: readonly (ModelReply | ModelFailure)[];
  readonly results: readonly Told[];
  readonly verdicts: readonly ('approved' | 'for the run' | 'rejected' | 'edited' | 'nobody')[];
  /** A person pauses the run when so many events are recorded, once each. */
  readonly pauses?: readonly number[];
};

/** The toolset of an agent node that names one. */
const NARROW = toolsetSchema.parse({ version: 1, id: 'narrow', description: '', tools: ['read_file'] });

/** Paths below `secret` are denied, writes below `ask` and commits are asked for, the rest is allowed. */
const POLICY: Policy = policySchema.parse({
  version: 1,
  id: 'told',
  description: '',
  rules: [
    {
      id: 'no-secrets',
      effect: 'deny',
      capabilities: ['repo_read', 'repo_write'],
      paths: ['secret'],
      reason: 'secret',
    },
    { id: 'writes-ask', effect: 'ask', capabilities: ['repo_write'], paths: ['ask'], reason: 'look first' },
    {
      id: 'rest',
      effect: 'allow',
      capabilities: ['repo_read', 'repo_write', 'repo_delete', 'exec_project'],
      reason: 'fine',
    },
    { id: 'commit', effect: 'ask', capabilities: ['git_commit'], reason: 'a person agrees first' },
    { id: 'question', effect: 'allow', capabilities: ['ask_person'], reason: 'a person can be asked' },
  ],
});

const MODEL = { provider: 'scripted', name: 'told', destination: 'memory', local: false };

/** The first event of a run of the story. */
export function beginning({ blueprint, task, budget }: Story): EventBody<'run.started'> {
  const definition = canonicalize(blueprint);
  const bound = boundOf(blueprint, null);
  if (!bound.ok) throw new Error(bound.error);
  const most = bound.value;
  const tools = ['read_file', 'write_file', 'delete_file', 'run_project_command', 'run_command'];
  const command = (name: string) => ({ argv: [`run-${name}`], source: 'test' });
  const snapshot = freeze(
    {
      policy: POLICY,
      toolset: toolsetSchema.parse({
        version: 1,
        id: blueprint.toolset,
        description: '',
        tools: [
          ...tools,
          'ask_user',
          'build_context',
          'apply_patch',
          'diff_report',
          'summarize',
          'evidence_bundle',
          'git_commit',
        ],
      }),
      ...toolsetsOf(blueprint),
      commands: { test: command('tests'), lint: command('lint') },
      blueprint: sha256(definition),
      model: 'scripted:told',
      gatekeeper: 'rules',
    },
    sha256,
  );
  return {
    type: 'run.started',
    data: {
      task,
      blueprint: { id: blueprint.id, hash: sha256(definition), definition },
      policy: { id: POLICY.id, snapshot: snapshot.hash, content: snapshot.content },
      toolset: blueprint.toolset,
      model: MODEL,
      gatekeeper: NO_MODEL,
      workspace: {
        root: '/repo',
        head: 'main',
        baseCommit: 'c0',
        baseTree: 't0',
        dirty: false,
        dependencies: [],
        notCovered: [],
      },
      versions: { openexec: '0', node: '0', platform: 'test', git: '0' },
      flags: FLAGS,
      bound: most,
      budget: {
        modelCalls: Math.min(budget.modelCalls, most.modelCalls),
        tokens: Math.min(budget.tokens, most.tokens),
        minutes: Math.min(budget.minutes, most.minutes),
      },
      approvals: 'ask',
      seed: 'seed',
      parent: null,
    },
  };
}

function toolsetsOf({ nodes }: Blueprint) {
  const narrow = Object.entries(nodes).filter(([, node]) => node.type === 'agent' && node.toolset !== undefined);
  return narrow.length === 0 ? {} : { toolsets: Object.fromEntries(narrow.map(([id]) => [id, NARROW])) };
}

/** What the world was asked to do: a call by its id, or `model`. */
export type Act = { readonly what: string; readonly after: RunEvent | null };

export type World = {
  /** Everything that was done, in order, each with the last event that was durable then. */
  readonly acts: readonly Act[];
  /** Goes on by ten milliseconds at each look, also from one session to the next. */
  readonly clock: Clock;
  /** The ports of one session. */
  ports(log: EventLog, blobs: Blobs, more?: Partial<Pick<SessionPorts, 'clock' | 'intervene'>>): SessionPorts;
};

/** A world of the story. `onAct` is told of each act just before it is done. */
export function worldOf(story: Story, onAct: (act: Act) => void = () => undefined): World {
  const acts: Act[] = [];
  const replies = overAndOver(story.replies);
  const results = overAndOver(story.results);
  const verdicts = overAndOver(story.verdicts);
  const clock = tickingClock();
  let trees = 0;
  let durable: RunEvent | null = null;
  const did = (what: string): void => {
    const act = { what, after: durable };
    onAct(act);
    acts.push(act);
  };

  const model: Model = {
    id: MODEL,
    facts: NOTHING_KNOWN,
    invoke: async () => {
      did('model');
      return replies();
    },
  };
  const toolbox: Toolbox = {
    facts: async ({ input }) => {
      const asked = /"path":"([^"]+)"/.exec(input)?.[1];
      return { paths: asked === undefined ? [] : [{ asked, inside: asked, problem: null }] };
    },
    execute: async (request) => {
      const { call, tool } = request;
      did(call);
      const { outcome, exitCode, output, changes } = results();
      if (changes) trees += 1;
      const file = { sha256: sha256(`${trees}`), bytes: 1, kept: false };
      const changed: EventBody<'file.changed'> = {
        type: 'file.changed',
        data: { call, path: 'a', before: null, after: file, how: tool },
      };
      const command = tool === 'run_project_command' || tool === 'run_command';
      const made = outcome === 'ok' || tool === 'run_project_command' ? artifactsOf(request, exitCode, output) : [];
      return {
        events: [...(changes ? [changed, changed] : []), ...made],
        outcome,
        output,
        exitCode: command && outcome === 'ok' ? exitCode : null,
        tree: changes ? `t${trees}` : null,
        confinement: 'in process',
        ms: 1,
      };
    },
  };
  const approver: Approver = {
    ask: async ({ editable, detail }) => {
      const verdict = verdicts();
      if (verdict === 'nobody') return { kind: 'unavailable', reason: 'nobody is here' };
      if (verdict === 'edited') {
        const edited = editable ? detail.replace('"ask"', '"b"') : detail;
        return { kind: 'resolved', verdict: 'approved', by: 'test', reason: 'said', edited };
      }
      if (verdict === 'for the run')
        return { kind: 'resolved', verdict: 'approved', by: 'test', reason: '', scope: 'run' };
      return { kind: 'resolved', verdict, by: 'test', reason: 'said' };
    },
  };
  return {
    acts,
    clock,
    ports: (log, blobs, more = {}) => ({
      hash: sha256,
      log: {
        append: async (event) => {
          await log.append(event);
          durable = event;
        },
      },
      blobs,
      clock,
      model,
      classifier: RULES_ALONE,
      ...gatekeeping(),
      toolbox,
      approver,
      onDelta: () => undefined,
      intervene: (): Intervention => ({ kind: 'none' }),
      ...more,
    }),
  };
}

/** What a call makes besides its output. */
function artifactsOf(request: CallRequest, exitCode: number, output: string): EventBody<'artifact.created'>[] {
  const { call, tool } = request;
  if (tool === 'run_project_command') {
    const failed = exitCode === 0 ? 0 : 1;
    return reportsOf(request, testsOf(3 - failed, failed), output);
  }
  const { name } = JSON.parse(request.input) as { name?: string };
  if (tool !== 'diff_report' || name === undefined) return [];
  const data = { call, name, kind: 'patch', media: 'text/x-diff', content: output, summary: '1 file changed' } as const;
  return [{ type: 'artifact.created', data }];
}

function tickingClock(): Clock {
  let now = Date.UTC(2026, 0, 31);
  return {
    now: () => {
      now += 10;
      return new Date(now).toISOString();
    },
    wait: async () => undefined,
  };
}

function overAndOver<T>(list: readonly T[]): () => T {
  let at = 0;
  return () => {
    const item = list[at % list.length];
    if (item === undefined) throw new Error('a story tells nothing');
    at += 1;
    return item;
  };
}
