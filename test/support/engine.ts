/** A run without a machine under it: every port in memory, scripted by the test. */
import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { blueprintSchema } from '../../src/core/blueprint/schema';
import { headAfter, seal } from '../../src/core/events/chain';
import { inlineEvent } from '../../src/core/events/externalize';
import type { Price, ToolFacts } from '../../src/core/events/parts';
import type { BlobRef } from '../../src/core/events/payload';
import type { Classification, PlanChanges, TaskFacts } from '../../src/core/events/planParts';
import type { EventBody, EventType, RunEvent } from '../../src/core/events/schema';
import { clearThrough } from '../../src/core/gatekeeper/egress';
import type { Gate } from '../../src/core/gatekeeper/gate';
import { OpenExecError } from '../../src/core/kernel/errors';
import { canonicalize } from '../../src/core/kernel/json';
import { policySchema, toolsetSchema } from '../../src/core/policy/schema';
import { freeze } from '../../src/core/policy/snapshot';
import type { Approver } from '../../src/core/ports/approver';
import type { Intervention } from '../../src/core/ports/intervention';
import {
  type Model,
  type ModelFailure,
  type ModelReply,
  type ModelRequest,
  NOTHING_KNOWN,
} from '../../src/core/ports/model';
import type { CallRequest, Toolbox, ToolResult } from '../../src/core/ports/toolbox';
import type { Report } from '../../src/core/reports/report';
import { boundOf, budgetOf } from '../../src/core/run/budget';
import { inDoubt } from '../../src/core/run/resume';
import { NOTHING_YET, type Recalled, recall, resumeSession, runSession } from '../../src/core/run/session';
import { FLAGS } from '../../src/core/run/versions';
import { gatekeeping, NO_FACTS, NO_MODEL, RULES_ALONE } from './gatekeeper';

const MODEL_HERE = { id: 'scripted', sha256: 'a'.repeat(64) };

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

export const reply = (text: string, ...calls: [name: string, input: unknown][]): ModelReply => ({
  kind: 'reply',
  text,
  toolCalls: calls.map(([name, input], i) => ({
    id: `call_${i + 1}`,
    name,
    arguments: typeof input === 'string' ? input : JSON.stringify(input),
  })),
  usage: { input: 100, output: 20, cached: 0, estimated: false },
  costUsd: 0,
  stop: calls.length > 0 ? 'tools' : 'end',
  ms: 5,
  firstTokenMs: 2,
});

type Answers = {
  readonly [tool: string]: (input: Record<string, unknown>, request: CallRequest) => Partial<ToolResult>;
};

export type Scenario = {
  readonly blueprint: string;
  readonly task?: string;
  /** From their start again in every session of a run that is taken up again. */
  readonly replies?: readonly (ModelReply | ModelFailure)[];
  /** In place of `replies`: what the model says to a request. */
  readonly answer?: (request: ModelRequest) => ModelReply;
  readonly tools?: Answers;
  readonly policyRules?: readonly unknown[];
  readonly commands?: Record<string, { argv: string[]; source: string }>;
  readonly approver?: Approver;
  readonly budget?: { modelCalls: number; tokens: number; minutes: number; costUsd?: number };
  readonly price?: Price;
  /** The model's own limits, as they are recorded. */
  readonly window?: { contextTokens: number | null; outputTokens: number | null };
  /** The tools of single nodes, by node. */
  readonly toolsets?: Record<string, string[]>;
  /** The tools of the run, in place of the usual ones. */
  readonly toolset?: readonly string[];
  /** The names of the tools of MCP servers that the run may call. */
  readonly mcp?: readonly string[];
  /** What is found on disk about a call, in place of the path that its input names. */
  readonly facts?: (request: CallRequest) => ToolFacts;
  /** The engine that the run is recorded with, and with it the prompt; this version's when left out. */
  readonly engine?: number;
  readonly intervene?: (events: readonly RunEvent[]) => Intervention;
  /** Aborts what is under way. */
  readonly signal?: AbortSignal;
  /** What happens while the engine waits; a wait is over at once. */
  readonly onWait?: () => void;
  readonly appendFailsAt?: number;
  /** When an event counts as durable, after it was appended. */
  readonly durable?: (event: RunEvent) => Promise<void>;
  readonly clockStepMs?: number;
  readonly local?: boolean;
  /** What a local model says of the task; none answers when it is left out. */
  readonly classification?: Classification;
  readonly taskFacts?: Partial<TaskFacts>;
  /** What a person changed of the plan before the start. */
  readonly changes?: PlanChanges;
  readonly approvals?: 'ask' | 'never' | 'all';
  /** The tools of the toolset to which a plan may narrow the run. */
  readonly narrowed?: readonly string[];
  readonly gate?: Gate;
};

/** What a project command leaves behind: the typed report and the raw output. */
export function reportsOf(request: CallRequest, report: Report, output = 'ran'): EventBody<'artifact.created'>[] {
  const { call } = request;
  const { name } = JSON.parse(request.input) as { name: string };
  const about = { type: 'artifact.created' as const };
  const json = { kind: 'report' as const, media: 'application/json', summary: `${name} ran` };
  const text = { kind: 'output' as const, media: 'text/plain', summary: `${name} ran` };
  return [
    { ...about, data: { call, name: `${name}_report`, content: JSON.stringify(report, null, 1), ...json } },
    { ...about, data: { call, name: `${name}_output`, content: output, ...text } },
  ];
}

/** A report of tests of which so many failed. */
export const testsOf = (passed: number, failed: number): Report => {
  const failures = Array.from({ length: failed }, (_, at) => ({ name: `t${at}`, file: null, line: null, message: '' }));
  return { kind: 'tests', tool: 'vitest', passed, failed, skipped: 0, failures, omitted: 0 };
};

const NO_FINDINGS: Report = { kind: 'findings', tool: 'biome', errors: 0, warnings: 0, findings: [], omitted: 0 };

/** The reports of a command that a scenario only gives an exit code for. */
function usualReports(
  request: CallRequest,
  { exitCode, output }: Partial<ToolResult>,
): EventBody<'artifact.created'>[] {
  const { name } = JSON.parse(request.input) as { name: string };
  const failed = exitCode === 0 ? 0 : 1;
  return reportsOf(request, name === 'test' ? testsOf(3 - failed, failed) : NO_FINDINGS, output);
}

const ALLOW_ALL = [
  {
    id: 'all',
    effect: 'allow',
    capabilities: ['repo_read', 'repo_write', 'repo_delete', 'exec_project'],
    reason: 'test',
  },
  { id: 'commit-asks', effect: 'ask', capabilities: ['git_commit'], reason: 'a person agrees first' },
];

export const APPROVE: Approver = {
  ask: async () => ({ kind: 'resolved', verdict: 'approved', by: 'test', reason: '' }),
};

export type Played = {
  readonly events: RunEvent[];
  readonly inline: RunEvent[];
  readonly requests: ModelRequest[];
  /** The time that each request was given. */
  readonly limits: number[];
  readonly executed: CallRequest[];
  /** Type and order of everything that became durable or was done, to check the write order. */
  readonly order: string[];
};

/** Runs a scenario to its end and tells everything that happened. */
export async function play(scenario: Scenario): Promise<Played> {
  const stage = new Stage(scenario);
  await runSession('run-1', stage.origin(), stage.ports(), scenario.signal ?? new AbortController().signal);
  return stage.played();
}

/** A run that can be broken off and taken up again: `crashAfter` events nothing is recorded any more, as in a crash. */
export async function playBroken(
  scenario: Scenario,
  breaks: readonly { readonly crashAfter: number; readonly decision: 'repeat' | 'fail' }[],
): Promise<Played> {
  const stage = new Stage(scenario);
  const never = new AbortController().signal;
  const [first] = breaks;
  await stage.until(first?.crashAfter, () => runSession('run-1', stage.origin(), stage.ports(), never));
  for (const [at, { decision }] of breaks.entries()) {
    const past = await stage.recalled();
    if (past.state.phase !== 'halted') break;
    const { run } = past.state;
    const doubt = inDoubt(past.state);
    const settled = doubt === null ? null : { kind: doubt.kind, id: doubt.id, decision };
    const data = { by: 'test', inDoubt: settled, tree: run.tree ?? '', openexec: 'test' };
    const next = breaks[at + 1]?.crashAfter;
    await stage.until(next, () => resumeSession('run-1', past, { type: 'run.resumed', data }, stage.ports(), never));
  }
  return stage.played();
}

const TOOLSET = [
  'read_file',
  'write_file',
  'run_project_command',
  'run_command',
  'build_context',
  'apply_patch',
  'diff_report',
  'summarize',
  'evidence_bundle',
  'git_commit',
];

const mcpTool = (name: string) => {
  const [, server = '', tool = ''] = name.split('__');
  const inputSchema = '{"properties":{"key":{"type":"string"}},"type":"object"}';
  return { name, server, tool, description: `Does ${tool}.`, inputSchema, sha256: sha256(name) };
};

const narrower = (toolsets: Record<string, string[]>) =>
  Object.fromEntries(
    Object.entries(toolsets).map(([node, tools]) => [
      node,
      toolsetSchema.parse({ version: 1, id: 'narrow', description: '', tools }),
    ]),
  );

class Crash extends Error {}

class Stage {
  private crashAfter: number | null = null;
  private readonly scenario: Scenario;
  private readonly blobs = new Map<string, Uint8Array>();
  private readonly events: RunEvent[] = [];
  private readonly requests: ModelRequest[] = [];
  private readonly limits: number[] = [];
  private readonly executed: CallRequest[] = [];
  private readonly order: string[] = [];
  private ticks = 0;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  origin(): EventBody<'run.started'> {
    const { scenario } = this;
    const blueprint = blueprintSchema.parse(parse(scenario.blueprint));
    const definition = canonicalize(blueprint);
    const snapshot = freeze(
      {
        policy: policySchema.parse({
          version: 1,
          id: 'test',
          description: '',
          rules: scenario.policyRules ?? ALLOW_ALL,
        }),
        toolset: toolsetSchema.parse({
          version: 1,
          id: 'coding',
          description: '',
          tools: scenario.toolset ?? TOOLSET,
        }),
        ...(scenario.mcp ? { mcp: scenario.mcp.map(mcpTool) } : {}),
        ...(scenario.narrowed
          ? {
              narrower: toolsetSchema.parse({
                version: 1,
                id: 'repo_readonly',
                description: '',
                tools: scenario.narrowed,
              }),
            }
          : {}),
        ...(scenario.toolsets ? { toolsets: narrower(scenario.toolsets) } : {}),
        commands: scenario.commands ?? {
          test: { argv: ['run-tests'], source: 'test' },
          lint: { argv: ['run-lint'], source: 'test' },
        },
        blueprint: sha256(definition),
        model: 'scripted:test',
        gatekeeper: 'rules',
      },
      sha256,
    );
    const worst = boundOf(blueprint, scenario.price ?? null);
    const bound = worst.ok ? worst.value : { nodeExecutions: 1, modelCalls: 1000, tokens: 100_000_000, minutes: 1000 };
    const limits = scenario.budget ?? budgetOf(bound, blueprint);
    return {
      type: 'run.started',
      data: {
        task: scenario.task ?? 'Mend the fault',
        blueprint: { id: blueprint.id, hash: sha256(definition), definition },
        policy: { id: 'test', snapshot: snapshot.hash, content: snapshot.content },
        toolset: 'coding',
        model: { provider: 'scripted', name: 'test', destination: 'memory', local: scenario.local ?? true },
        ...(scenario.window === undefined ? {} : { window: scenario.window }),
        gatekeeper: scenario.classification === undefined ? NO_MODEL : MODEL_HERE,
        ...(scenario.changes === undefined ? {} : { changes: scenario.changes }),
        workspace: {
          root: '/repo',
          head: 'h',
          baseCommit: 'c',
          baseTree: 't0',
          dirty: false,
          dependencies: [],
          notCovered: [],
        },
        versions: { openexec: '0', node: '0', platform: 'test', git: '0' },
        flags:
          scenario.engine === undefined ? FLAGS : { engine: scenario.engine, prompt: Math.min(scenario.engine, 3) },
        bound,
        budget: limits,
        ...(scenario.price === undefined ? {} : { price: scenario.price }),
        approvals: scenario.approvals ?? 'ask',
        seed: 'seed',
        parent: null,
      },
    };
  }

  ports() {
    return {
      hash: sha256,
      log: {
        append: async (event: RunEvent) => {
          this.append(event);
          await this.scenario.durable?.(event);
        },
      },
      blobs: {
        put: async (bytes: Uint8Array, media: string): Promise<BlobRef> => {
          this.blobs.set(sha256(bytes), bytes);
          return { blob: sha256(bytes), bytes: bytes.length, media };
        },
        get: async (address: string) => this.blob(address),
      },
      clock: {
        now: () => new Date(Date.UTC(2026, 0, 1) + this.ticks++ * (this.scenario.clockStepMs ?? 10)).toISOString(),
        wait: async () => this.scenario.onWait?.(),
      },
      model: this.model(),
      ...this.gatekeeper(),
      toolbox: this.toolbox(),
      approver: this.scenario.approver ?? APPROVE,
      onDelta: () => undefined,
      intervene: (moment: string): Intervention =>
        moment === 'before effect' && this.scenario.intervene ? this.scenario.intervene(this.events) : { kind: 'none' },
    };
  }

  private gatekeeper() {
    const { classification, taskFacts, gate, engine } = this.scenario;
    const usual = gatekeeping(engine);
    return {
      ...usual,
      ...(gate === undefined ? {} : { gate, clear: clearThrough(gate) }),
      surveyor: { survey: async () => ({ ...NO_FACTS, ...taskFacts }) },
      classifier:
        classification === undefined
          ? RULES_ALONE
          : {
              identify: async () => MODEL_HERE,
              classify: async () => ({ classification, ms: 1, problem: null }),
            },
    };
  }

  /** Lets a session run until so many events are recorded; a run that broke off is marked as interrupted. */
  async until(events: number | undefined, session: () => Promise<unknown>): Promise<void> {
    this.crashAfter = events ?? null;
    try {
      await session();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.crashAfter = null;
      const last = this.events.at(-1);
      if (!last) return;
      const place = { run: 'run-1', at: last.at, head: headAfter(last), hash: sha256 };
      this.events.push(seal({ type: 'run.interrupted', data: { reason: 'crash', inDoubt: null } }, place));
    }
  }

  async recalled(): Promise<Recalled> {
    return (await this.played()).inline.reduce(recall, NOTHING_YET);
  }

  async played(): Promise<Played> {
    const blobs = this.ports().blobs;
    const inline = await Promise.all(this.events.map((event) => inlineEvent(event, blobs)));
    return {
      events: this.events,
      inline,
      requests: this.requests,
      limits: this.limits,
      executed: this.executed,
      order: this.order,
    };
  }

  private append(event: RunEvent): void {
    if (event.seq === this.scenario.appendFailsAt)
      throw new OpenExecError('disk_failure', 'No space left on the device.');
    if (this.crashAfter !== null && this.events.length >= this.crashAfter) throw new Crash();
    this.events.push(event);
    this.order.push(event.type);
  }

  private blob(address: string): Uint8Array {
    const bytes = this.blobs.get(address);
    if (!bytes) throw new OpenExecError('blob_missing', address);
    return bytes;
  }

  private model(): Model {
    const replies = [...(this.scenario.replies ?? [])];
    return {
      id: { provider: 'scripted', name: 'test', destination: 'memory', local: this.scenario.local ?? true },
      facts: NOTHING_KNOWN,
      invoke: async (request, { limitMs = 0 }) => {
        this.requests.push(request);
        this.limits.push(limitMs);
        this.order.push('act: model');
        const next = this.scenario.answer?.(request) ?? replies.shift();
        return (
          next ?? { kind: 'failure', code: 'cassette_miss', message: 'the script has ended', retryable: false, ms: 0 }
        );
      },
    };
  }

  private toolbox(): Toolbox {
    return {
      facts: async (request) => {
        const { input } = request;
        if (this.scenario.facts) return this.scenario.facts(request);
        const match = /"path":"([^"]+)"/.exec(input);
        const asked = match?.[1];
        return { paths: asked ? [{ asked, inside: asked, problem: null }] : [] };
      },
      execute: async (request) => {
        this.executed.push(request);
        this.order.push(`act: ${request.tool}`);
        const { tool, input } = request;
        const isCommand = tool === 'run_project_command';
        const answer = {
          outcome: 'ok' as const,
          output: 'done',
          exitCode: isCommand ? 0 : null,
          tree: null,
          confinement: 'in process',
          ms: 1,
          ...this.scenario.tools?.[tool]?.(JSON.parse(input), request),
        };
        return { events: isCommand ? usualReports(request, answer) : [], ...answer };
      },
    };
  }
}

/** The types of some events, in order. */
export const types = (events: readonly RunEvent[]): string[] => events.map((event) => event.type);

/** All events of one type. */
export function only<T extends EventType>(events: readonly RunEvent[], type: T): RunEvent<T>[] {
  return events.flatMap((event) => (event.type === type ? [event as RunEvent<T>] : []));
}
