/**
 * The ports of a replay: they answer from the record and from nothing else. A recording that is missing is never
 * replaced by a live call; the replay then goes another way than the record, and that is found at the very event.
 */

import { textOf } from '../events/payload';
import type { EventBody, EventType, RunEvent } from '../events/schema';
import { type Clear, couldBeRedactionOf } from '../gatekeeper/egress';
import type { Gate } from '../gatekeeper/gate';
import type { Approver } from '../ports/approver';
import type { Classifier } from '../ports/classifier';
import type { Clock } from '../ports/clock';
import type { Model, ModelFailureCode } from '../ports/model';
import type { Surveyor } from '../ports/surveyor';
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
    facts: { contextTokens: null, outputTokens: null, ...origin.data.window, price: origin.data.price ?? null },
    invoke: async () => {
      const reply = expect(cursor, 'model.responded');
      if (reply) {
        const { text, toolCalls, kept, ...measured } = reply.data;
        const calls = toolCalls.map((call) => ({ ...call, arguments: textOf(call.arguments) }));
        const wanted = kept === undefined ? {} : { kept: textOf(kept) };
        return { kind: 'reply', text: textOf(text), toolCalls: calls, ...measured, ...wanted };
      }
      const failure = expect(cursor, 'model.failed');
      if (failure) {
        const { code, message, retryable, retryAfterMs, ms } = failure.data;
        const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
        return { kind: 'failure', code: code as ModelFailureCode, message, retryable, ...wait, ms };
      }
      return { kind: 'failure', code: 'cassette_miss', message: 'the record holds no reply', retryable: false, ms: 0 };
    },
  };
}

/** The classifier's answer as recorded: its plan is part of the record, so the recorded scores are the plan's. */
export function recordedClassifier(cursor: Cursor, origin: RunEvent<'run.started'>): Classifier {
  return {
    identify: async () => origin.data.gatekeeper,
    classify: async () => {
      const proposed = expect(cursor, 'plan.proposed')?.data;
      const ms = proposed?.ms ?? 0;
      const problem = proposed?.problem ?? null;
      if (!proposed || origin.data.gatekeeper.sha256 === null) return { classification: null, ms, problem };
      if (origin.data.flags.engine >= 4) return { classification: proposed.classification ?? null, ms, problem };
      const { intent, surface, sensitivity, risk, confidence } = proposed.plan;
      return { classification: { intent, surface, sensitivity, risk, confidence, unsure: [] }, ms, problem };
    },
  };
}

/** What was found about the task, as recorded. */
export function recordedSurveyor(cursor: Cursor): Surveyor {
  return {
    survey: async () =>
      expect(cursor, 'plan.proposed')?.data.facts ?? {
        files: 0,
        packages: [],
        packageCount: 0,
        named: [],
        ignored: [],
      },
  };
}

/**
 * Messages as they were sent. What stands in a file of secrets is not in the record, so that a message in which it was
 * replaced is taken as recorded where nothing but placeholders makes the difference.
 */
export function recordedClear(cursor: Cursor, gate: Gate): Clear {
  return async (messages) => {
    if (!cursor.has(2)) await cursor.load(2);
    const next = [cursor.at(0)?.inline, cursor.at(1)?.inline];
    const added = next.find((event) => event?.type === 'model.requested')?.data.conversation.added ?? [];
    return messages.map((message, at) => {
      const content = gate.redact(textOf(message.content)).text;
      const recorded = added[at] === undefined ? content : textOf(added[at].content);
      return { ...message, content: couldBeRedactionOf(recorded, content) ? recorded : content };
    });
  };
}

/** Verdicts as recorded. */
export function recordedApprover(cursor: Cursor): Approver {
  return {
    ask: async () => {
      const resolved = expect(cursor, 'approval.resolved');
      if (resolved) {
        const { verdict, by, reason, edited, scope, leftOut } = resolved.data;
        const change = edited === undefined ? {} : { edited: textOf(edited) };
        const more = { ...(scope === undefined ? {} : { scope }), ...(leftOut === undefined ? {} : { leftOut }) };
        return { kind: 'resolved', verdict, by, reason, ...change, ...more };
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
  const { outcome, output, exitCode, tree, confinement, ms, found } = event.data;
  const result = { events, outcome, output: textOf(output), exitCode, tree, confinement, ms };
  return found === undefined ? result : { ...result, found };
}
