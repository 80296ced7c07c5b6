/** The path of every call, whoever makes it: schema → policy → (a person) → act → outcome. All pure. */

import type { ToolOutcome } from '../events/parts';
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import { holdsPlaceholder } from '../gatekeeper/redact';
import { assertNever } from '../kernel/assertNever';
import { wellFormed } from '../kernel/json';
import { oneLine } from '../kernel/text';
import { capabilityOf } from '../policy/classifyCall';
import { decide } from '../policy/evaluate';
import { isToolName, parseCall, TOOLS } from '../tools/contracts';
import type { Effect, Place } from './effects';
import { placeOf, record, timeLeft, toolsetOf } from './nodes';
import type { ActiveRun, CallState, Edit } from './state';

/** The decision over a call that has just been requested. */
export function decideCall(run: ActiveRun, event: RunEvent<'tool.requested'>): Effect {
  const { call, tool, facts, origin } = event.data;
  const place = placeOf(run, event);
  const refuse = (rule: string, reason: string): Effect =>
    record({
      type: 'policy.decided',
      ...place,
      data: {
        call,
        tool,
        capability: 'none',
        decision: 'deny',
        rule,
        layer: 'built in',
        reason,
        snapshot: run.origin.policy.snapshot,
      },
    });
  if (!isToolName(tool)) return refuse('toolset', `there is no tool "${tool}"`);
  if (origin === 'agent' && !TOOLS[tool].forAgents) return refuse('toolset', `${tool} is not a tool for agents`);
  const input = textOf(event.data.input);
  const parsed = parseCall(tool, input);
  if (!parsed.ok) return notRun(call, tool, 'invalid', parsed.error, place);
  // The parsed values, for in the JSON text a placeholder may be written with escapes.
  const values: unknown[] = Object.values(parsed.value.input);
  const placeholder = values.some((value) => typeof value === 'string' && holdsPlaceholder(value));
  if (placeholder && TOOLS[tool].capability === 'repo_write') {
    return notRun(
      call,
      tool,
      'invalid',
      'the content holds a redacted placeholder, which must not overwrite the original',
      place,
    );
  }
  const capability = capabilityOf(parsed.value, run.snapshot.commands);
  const narrower = origin === 'agent' ? toolsetOf(run) : run.snapshot.toolset;
  const decision = decide(run.snapshot, { tool, capability, paths: facts.paths }, narrower);
  return record({
    type: 'policy.decided',
    ...place,
    data: { call, tool, capability, ...decision, snapshot: run.origin.policy.snapshot },
  });
}

/** What follows from a decision. */
export function actOnDecision(run: ActiveRun, current: CallState, event: RunEvent<'policy.decided'>): Effect {
  const place = placeOf(run, event);
  const { request } = current;
  switch (event.data.decision) {
    case 'allow':
      return execute(run, current, event);
    case 'ask':
      return (
        writtenByPerson(current, place) ??
        agreedAlready(run, current, place) ?? {
          kind: 'ask_approval',
          approval: request.call,
          call: request.call,
          title: `${request.tool} ${oneLine(request.input, 160)}: ${event.data.reason}`,
          detail: request.input,
          place,
          ...(isEditable(run, request) ? { editable: true } : {}),
        }
      );
    case 'deny': {
      const { rule, reason } = event.data;
      return notRun(request.call, request.tool, 'denied', `Denied by the policy rule ${rule}: ${reason}`, place);
    }
    default:
      return assertNever(event.data.decision);
  }
}

/**
 * A commit that the blueprint makes of the very tree a person has just agreed to needs no second question; the record
 * says whose agreement it rests on.
 */
function agreedAlready({ agreed, tree }: ActiveRun, { request }: CallState, place: Place): Effect | null {
  if (request.tool !== 'git_commit' || request.origin !== 'node' || agreed === null || agreed.tree !== tree)
    return null;
  const reason = `the same tree as in the approval ${agreed.approval}`;
  return record({
    type: 'approval.resolved',
    ...place,
    data: { approval: request.call, verdict: 'approved', by: agreed.by, reason },
  });
}

/** Whoever changed the arguments has agreed to them; the record says where. */
function writtenByPerson({ request, edit }: CallState, place: Place): Effect | null {
  if (edit === null) return null;
  const reason = `as edited in the approval ${edit.approval}`;
  const data = { approval: request.call, verdict: 'approved', by: edit.by, reason } as const;
  return record({ type: 'approval.resolved', ...place, data });
}

/** What a node does is fixed by its blueprint, but for the texts that it only passes on. */
const PASSED_ON: ReadonlySet<string> = new Set(['git_commit', 'apply_patch']);

function isEditable({ origin }: ActiveRun, request: CallState['request']): boolean {
  return origin.flags.engine >= 2 && (request.origin === 'agent' || PASSED_ON.has(request.tool));
}

/** The call that takes the place of one whose arguments a person changed; null when nobody did. */
export function editOf({ request }: CallState, { data }: RunEvent<'approval.resolved'>): Edit | null {
  if (data.edited === undefined) return null;
  const { call, tool, origin } = request;
  const changed = { call: `${call}.e1`, tool, input: textOf(data.edited), origin };
  return { approval: data.approval, by: data.by, request: changed };
}

/** What follows from a person's verdict over a call. */
export function actOnVerdict(run: ActiveRun, current: CallState, event: RunEvent<'approval.resolved'>): Effect {
  const place = placeOf(run, event);
  const { call, tool } = current.request;
  const edit = editOf(current, event);
  if (edit) {
    return notRun(call, tool, 'rejected', `a person changed the arguments; see call ${edit.request.call}`, place);
  }
  if (event.data.verdict === 'approved') {
    return execute(run, current, event);
  }
  const said = event.data.reason ? `: ${event.data.reason}` : '';
  return notRun(call, tool, 'rejected', `A person rejected this call${said}`, place);
}

/** The call, with what is left of its node's time; waiting for a person does not use it up. */
function execute(run: ActiveRun, { request, facts }: CallState, event: RunEvent): Effect {
  const limitMs = timeLeft(run, event);
  return { kind: 'execute_call', request: { ...request, limitMs }, facts, place: placeOf(run, event) };
}

function notRun(call: string, tool: string, outcome: ToolOutcome, output: string, place: Place): Effect {
  return record({
    type: 'tool.finished',
    ...place,
    data: {
      call,
      tool,
      outcome,
      output: wellFormed(output),
      exitCode: null,
      tree: null,
      confinement: 'not run',
      ms: 0,
    },
  });
}
