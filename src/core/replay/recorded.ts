/**
 * The ports of a replay: they answer from the record and from nothing else. A recording that is missing is never
 * replaced by a live call; the replay then goes another way than the record, and that is found at the very event.
 */

import { textOf } from '../events/payload';
import type { EventBody, EventType, RunEvent } from '../events/schema';
import type { Approver } from '../ports/approver';
import type { Classifier } from '../ports/classifier';
import type { Clock } from '../ports/clock';
import type { Model, ModelFailureCode } from '../ports/model';
import type { Toolbox, ToolResult } from '../ports/toolbox';
import type { Cursor } from './cursor';

function expect<T extends EventType>(cursor: Cursor, type: T): RunEvent<T> | null {
  const event = cursor.peek();
  return event?.type === type ? (event as RunEvent<T>) : null;
}

/** Time as recorded. */
export function recordedClock(cursor: Cursor): Clock {
  return {
    now: () => (cursor.peek() ?? cursor.previous?.inline)?.at ?? '1970-01-01T00:00:00.000Z',
    wait: async () => undefined,
  };
}

/** Replies as recorded. */
export function recordedModelPort(cursor: Cursor, origin: RunEvent<'run.started'>): Model {
  return {
    id: origin.data.model,
    invoke: async () => {
      const reply = expect(cursor, 'model.responded');
      if (reply) {
        const { text, toolCalls, usage, costUsd, stop, ms, firstTokenMs } = reply.data;
        const calls = toolCalls.map((call) => ({ ...call, arguments: textOf(call.arguments) }));
        return { kind: 'reply', text: textOf(text), toolCalls: calls, usage, costUsd, stop, ms, firstTokenMs };
      }
      const failure = expect(cursor, 'model.failed');
      if (failure) {
        const { message, retryable, ms, code } = failure.data;
        return { kind: 'failure', code: code as ModelFailureCode, message, retryable, ms };
      }
      return { kind: 'failure', code: 'cassette_miss', message: 'the record holds no reply', retryable: false, ms: 0 };
    },
  };
}

/** The classifier's answer as recorded: its plan is part of the record, so the recorded scores are the plan's. */
export function recordedClassifier(cursor: Cursor, origin: RunEvent<'run.started'>): Classifier {
  return {
    id: { id: origin.data.gatekeeper.id, sha256: origin.data.gatekeeper.sha256 },
    classify: async () => {
      const proposed = expect(cursor, 'plan.proposed');
      if (!proposed || origin.data.gatekeeper.sha256 === null)
        return { classification: null, ms: proposed?.data.ms ?? 0 };
      const { intent, surface, sensitivity, risk, confidence } = proposed.data.plan;
      return { classification: { intent, surface, sensitivity, risk, confidence }, ms: proposed.data.ms };
    },
  };
}

/** Verdicts as recorded. */
export function recordedApprover(cursor: Cursor): Approver {
  return {
    ask: async () => {
      const resolved = expect(cursor, 'approval.resolved');
      if (resolved) {
        const { verdict, by, reason, edited } = resolved.data;
        const change = edited === undefined ? {} : { edited: textOf(edited) };
        return { kind: 'resolved', verdict, by, reason, ...change };
      }
      return {
        kind: 'unavailable',
        reason: expect(cursor, 'run.paused')?.data.reason ?? 'the record holds no verdict',
      };
    },
  };
}

const PART_OF_CALL = ['context.built', 'file.changed', 'artifact.created'] as const;

/** Facts and results as recorded. */
export function recordedToolbox(cursor: Cursor): Toolbox {
  return {
    facts: async () => expect(cursor, 'tool.requested')?.data.facts ?? { paths: [] },
    execute: async ({ call }) => {
      const events: EventBody<(typeof PART_OF_CALL)[number]>[] = [];
      for (let offset = 0; ; offset++) {
        if (!cursor.has(offset + 1)) await cursor.load(offset + 1);
        const event = cursor.at(offset)?.inline;
        if (!event) break;
        if (event.type === 'tool.finished' && event.data.call === call) return resultOf(event, events);
        if (!isPartOfCall(event) || event.data.call !== call) break;
        events.push({ type: event.type, data: event.data } as (typeof events)[number]);
      }
      return {
        events,
        outcome: 'error',
        output: 'the record holds no result',
        exitCode: null,
        tree: null,
        confinement: 'not run',
        ms: 0,
      };
    },
  };
}

function isPartOfCall(event: RunEvent): event is RunEvent<(typeof PART_OF_CALL)[number]> {
  return (PART_OF_CALL as readonly string[]).includes(event.type);
}

function resultOf(event: RunEvent<'tool.finished'>, events: ToolResult['events']): ToolResult {
  const { outcome, output, exitCode, tree, confinement, ms } = event.data;
  return { events, outcome, output: textOf(output), exitCode, tree, confinement, ms };
}
