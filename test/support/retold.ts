/**
 * A recorded run told over by the real engine: model, tools and people answer as they did in the record, whatever is asked
 * by its own name and not by its place, so that the run can be broken off or paused anywhere and go on.
 */
import { headAfter, seal } from '../../src/core/events/chain';
import { inlineEvent } from '../../src/core/events/externalize';
import { textOf } from '../../src/core/events/payload';
import type { EventBody, RunEvent } from '../../src/core/events/schema';
import type { Approver } from '../../src/core/ports/approver';
import type { Intervention } from '../../src/core/ports/intervention';
import { type Model, NOTHING_KNOWN } from '../../src/core/ports/model';
import type { Toolbox, ToolResult } from '../../src/core/ports/toolbox';
import { inDoubt } from '../../src/core/run/resume';
import {
  NOTHING_YET,
  type Recalled,
  recall,
  resumeSession,
  runSession,
  type SessionPorts,
} from '../../src/core/run/session';
import { only, sha256 } from './engine';
import { gatekeeping, RULES_ALONE } from './gatekeeper';
import { memoryBlobs } from './memoryBlobs';
import type { Recording } from './replay';

const NEVER = new AbortController().signal;

/** True where one node ends or the next one begins. */
export const isBoundary = ({ type }: RunEvent): boolean => type === 'node.started' || type === 'node.finished';

/** What must be the same however often a run was taken up again. */
export function outcomeOf(inline: readonly RunEvent[]) {
  const finished = only(inline, 'run.finished').at(-1)?.data;
  return {
    nodes: only(inline, 'node.finished').map(({ node, attempt, data: { outcome, reason, next } }) => {
      return `${node}#${attempt} ${outcome} (${reason}) → ${next}`;
    }),
    started: only(inline, 'node.started').map(({ node, attempt }) => `${node}#${attempt}`),
    end: finished && { status: finished.status, reason: finished.reason, tree: finished.tree, commit: finished.commit },
    artifacts: Object.fromEntries(
      only(inline, 'artifact.created').map(({ data }) => [data.name, textOf(data.content)]),
    ),
  };
}

/** The run broken off right after so many events of its record, taken up again and brought to its end. */
export async function brokenOffAfter(recording: Recording, events: number): Promise<Recording> {
  const life = new Retelling(recording, recording.stored.slice(0, events));
  await life.mark({ type: 'run.interrupted', data: { reason: 'a crash', inDoubt: null } });
  await life.goOn(() => ({ kind: 'none' }));
  return life.recording();
}

/** The run from its start, paused by a person at each boundary and taken up again. */
export async function pausedEverywhere(recording: Recording): Promise<Recording> {
  const life = new Retelling(recording, []);
  const pause: EventBody = { type: 'run.paused', data: { reason: 'paused by test' } };
  const intervene = (last: RunEvent | undefined): Intervention =>
    last !== undefined && isBoundary(last) ? { kind: 'inject', body: pause } : { kind: 'none' };
  await life.begin(intervene);
  while (life.last()?.type === 'run.paused') await life.goOn(intervene);
  return life.recording();
}

/** What may come between, by the last event so far. */
type Between = (last: RunEvent | undefined) => Intervention;

class Retelling {
  private readonly original: Recording;
  private readonly journal: RunEvent[];
  private readonly blobs = memoryBlobs();
  private ticks = 0;

  constructor(recording: Recording, past: readonly RunEvent[]) {
    this.original = recording;
    this.journal = [...past];
  }

  last(): RunEvent | undefined {
    return this.journal.at(-1);
  }

  async recording(): Promise<Recording> {
    return { stored: this.journal, inline: await this.inline() };
  }

  /** The recorded part has its payloads in the record, the rest in blobs of its own. */
  private inline(): Promise<RunEvent[]> {
    const { inline, stored } = this.original;
    return Promise.all(
      this.journal.map((event, at) => (event === stored[at] ? (inline[at] ?? event) : inlineEvent(event, this.blobs))),
    );
  }

  async mark(body: EventBody): Promise<void> {
    const last = this.journal.at(-1);
    if (last === undefined) throw new Error('a run that did not begin cannot break off');
    this.journal.push(seal(body, { run: last.run, at: this.now(), head: headAfter(last), hash: sha256 }));
  }

  async begin(between: Between): Promise<void> {
    const first = this.original.inline[0];
    if (first?.type !== 'run.started') throw new Error('the record does not begin with run.started');
    await runSession(first.run, { type: first.type, data: first.data }, this.ports(between), NEVER);
  }

  async goOn(between: Between): Promise<void> {
    const past = (await this.inline()).reduce<Recalled>(recall, NOTHING_YET);
    const { state } = past;
    if (state.phase !== 'halted') throw new Error(`a run that is ${state.phase} is not resumed`);
    const doubt = inDoubt(state);
    if (doubt !== null) throw new Error(`in doubt between two nodes: ${doubt.title}`);
    const data = { by: 'test', inDoubt: null, tree: state.run.tree ?? '', openexec: 'test' };
    const run = this.last()?.run ?? '';
    await resumeSession(run, past, { type: 'run.resumed', data }, this.ports(between), NEVER);
  }

  private ports(between: Between): SessionPorts {
    const { inline } = this.original;
    return {
      hash: sha256,
      log: {
        append: async (event) => {
          this.journal.push(event);
        },
      },
      blobs: this.blobs,
      clock: { now: () => this.now(), wait: async () => undefined },
      model: modelOf(inline),
      classifier: RULES_ALONE,
      ...gatekeeping(),
      toolbox: toolboxOf(inline),
      approver: approverOf(inline),
      onDelta: () => undefined,
      intervene: (moment) => (moment === 'before effect' ? between(this.last()) : { kind: 'none' }),
    };
  }

  private now(): string {
    this.ticks += 10;
    return new Date(Date.parse(this.original.inline.at(-1)?.at ?? '') + this.ticks).toISOString();
  }
}

function modelOf(inline: readonly RunEvent[]): Model {
  const first = only(inline, 'run.started')[0];
  if (first === undefined) throw new Error('the record does not begin with run.started');
  const signatures = only(inline, 'model.requested').map(({ data }) => data.signature);
  const replies = new Map(only(inline, 'model.responded').map(({ data }, at) => [signatures[at], data]));
  return {
    id: first.data.model,
    facts: NOTHING_KNOWN,
    invoke: async ({ signature }) => {
      const said = replies.get(signature);
      if (said === undefined) throw new Error('the model is asked what it was not asked in the record');
      const { text, toolCalls: calls, kept, ...measured } = said;
      const toolCalls = calls.map((call) => ({ ...call, arguments: textOf(call.arguments) }));
      const wanted = kept === undefined ? {} : { kept: textOf(kept) };
      return { kind: 'reply', text: textOf(text), toolCalls, ...measured, ...wanted };
    },
  };
}

function toolboxOf(inline: readonly RunEvent[]): Toolbox {
  const requested = new Map(only(inline, 'tool.requested').map(({ data }) => [data.call, data]));
  const finished = new Map(only(inline, 'tool.finished').map(({ data }) => [data.call, data]));
  const done = inline.flatMap((event): ToolResult['events'][number][] =>
    event.type === 'context.built' || event.type === 'file.changed' || event.type === 'artifact.created'
      ? [{ type: event.type, data: event.data } as ToolResult['events'][number]]
      : [],
  );
  return {
    facts: async ({ call }) => requested.get(call)?.facts ?? { paths: [] },
    execute: async ({ call }) => {
      const end = finished.get(call);
      if (end === undefined) throw new Error(`the call ${call} is not in the record`);
      const { outcome, output, exitCode, tree, confinement, ms } = end;
      const events = done.filter(({ data }) => data.call === call);
      return { events, outcome, output: textOf(output), exitCode, tree, confinement, ms };
    },
  };
}

function approverOf(inline: readonly RunEvent[]): Approver {
  const resolved = new Map(only(inline, 'approval.resolved').map(({ data }) => [data.approval, data]));
  return {
    ask: async ({ approval }) => {
      const said = resolved.get(approval);
      if (said === undefined) throw new Error(`the approval ${approval} is not in the record`);
      return { kind: 'resolved', verdict: said.verdict, by: said.by, reason: said.reason };
    },
  };
}
