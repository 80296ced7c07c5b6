/**
 * A scripted world around the engine: what model, tools and people answer is told beforehand, over and over; what was
 * done is counted, across every time that a run is taken up again. The log and the blobs are the caller's.
 */
import { worstCase } from '../../src/core/blueprint/bound';
import type { Blueprint } from '../../src/core/blueprint/schema';
import type { ToolOutcome } from '../../src/core/events/parts';
import type { EventBody, RunEvent } from '../../src/core/events/schema';
import { RULES_ALONE } from '../../src/core/gatekeeper/rulesAlone';
import { canonicalize } from '../../src/core/kernel/json';
import { type Policy, policySchema, toolsetSchema } from '../../src/core/policy/schema';
import { freeze } from '../../src/core/policy/snapshot';
import type { Approver } from '../../src/core/ports/approver';
import type { Clock } from '../../src/core/ports/clock';
import type { Blobs, EventLog } from '../../src/core/ports/eventLog';
import type { Intervention } from '../../src/core/ports/intervention';
import type { Model, ModelFailure, ModelReply } from '../../src/core/ports/model';
import type { Toolbox } from '../../src/core/ports/toolbox';
import { ENGINE_FLAG, REQUESTS_PER_TURN } from '../../src/core/run/limits';
import { PROMPT_VERSION } from '../../src/core/run/prompt';
import type { SessionPorts } from '../../src/core/run/session';
import { sha256 } from '../../src/node/system/sha256';

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
  readonly verdicts: readonly ('approved' | 'rejected' | 'nobody')[];
};

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
  ],
});

const MODEL = { provider: 'scripted', name: 'told', destination: 'memory', local: false };

/** The first event of a run of the story. */
export function beginning({ blueprint, task, budget }: Story): EventBody<'run.started'> {
  const definition = canonicalize(blueprint);
  const bound = worstCase(blueprint, { requestsPerTurn: REQUESTS_PER_TURN });
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
        tools: [...tools, 'build_context', 'diff_report', 'git_commit'],
      }),
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
      gatekeeper: RULES_ALONE.id,
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
      flags: { engine: ENGINE_FLAG, prompt: PROMPT_VERSION },
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
    execute: async ({ call, tool }) => {
      did(call);
      const { outcome, exitCode, output, changes } = results();
      if (changes) trees += 1;
      const file = { sha256: sha256(`${trees}`), bytes: 1, kept: false };
      const changed: EventBody<'file.changed'> = {
        type: 'file.changed',
        data: { call, path: 'a', before: null, after: file, how: tool },
      };
      const report: EventBody<'artifact.created'> = {
        type: 'artifact.created',
        data: { call, name: `${tool}_report`, kind: 'report', media: 'text/plain', content: output, summary: '' },
      };
      const command = tool === 'run_project_command' || tool === 'run_command';
      return {
        events: [...(changes ? [changed, changed] : []), ...(command ? [report] : [])],
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
    ask: async () => {
      const verdict = verdicts();
      if (verdict === 'nobody') return { kind: 'unavailable', reason: 'nobody is here' };
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
      toolbox,
      approver,
      onDelta: () => undefined,
      intervene: (): Intervention => ({ kind: 'none' }),
      ...more,
    }),
  };
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
