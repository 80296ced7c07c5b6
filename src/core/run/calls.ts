/** The path of every call, whoever makes it: schema → policy → (a person) → act → outcome. All pure. */

import type { ToolFacts, ToolOutcome } from '../events/parts';
import { textOf } from '../events/payload';
import type { DataOf, RunEvent } from '../events/schema';
import { holdsPlaceholder } from '../gatekeeper/redact';
import { holdsPlaceholderBefore4 } from '../gatekeeper/redactBefore4';
import { assertNever } from '../kernel/assertNever';
import { wellFormed } from '../kernel/json';
import { oneLine } from '../kernel/text';
import { mcpToolOf } from '../mcp/definitions';
import { capabilityOf } from '../policy/classifyCall';
import { capabilityOfCall, decide, type PolicyRequest } from '../policy/evaluate';
import { requestOf } from '../policy/request';
import {
  answerText,
  changedText,
  deniedText,
  malformedText,
  PLACEHOLDER_TEXT,
  rejectedText,
  unansweredText,
} from '../prompt/outcomes';
import { type AnyToolInput, isToolName, MCP_PREFIX, parseCall, TOOLS } from '../tools/contracts';
import { existsIn, isForAgents } from '../tools/generations';
import { boundsOf, outOfBounds } from './bounds';
import type { Effect, Place } from './effects';
import { jsonFault } from './jsonFault';
import { placeOf, record, timeLeft, toolsetOf } from './nodes';
import { standingFor, standingOver } from './standing';
import type { ActiveRun, CallState, Edit } from './state';

type CallOrigin = CallState['request']['origin'];

/** The decision over a call that has just been requested. */
export function decideCall(run: ActiveRun, event: RunEvent<'tool.requested'>): Effect {
  const { call, tool, facts, origin } = event.data;
  const place = placeOf(run, event);
  const refuse = (rule: string, reason: string, layer = 'built in'): Effect =>
    record({
      type: 'policy.decided',
      ...place,
      data: {
        call,
        tool,
        capability: 'none',
        decision: 'deny',
        rule,
        layer,
        reason,
        snapshot: run.origin.policy.snapshot,
      },
    });
  const missing = missingTool(run, tool, origin);
  if (missing !== null) return refuse('toolset', missing);
  const input = textOf(event.data.input);
  const parsed = parseCall(tool, input);
  if (!parsed.ok) return notRun(call, tool, 'invalid', notJson(run, event) ?? parsed.error, place);
  // The parsed values, for in the JSON text a placeholder may be written with escapes.
  const values: unknown[] = Object.values(parsed.value.input);
  const holds = run.origin.flags.engine < 4 ? holdsPlaceholderBefore4 : holdsPlaceholder;
  const placeholder = values.some((value) => typeof value === 'string' && holds(value));
  if (placeholder && TOOLS[parsed.value.tool].capability === 'repo_write') {
    return notRun(call, tool, 'invalid', PLACEHOLDER_TEXT, place);
  }
  const asked = asks(run, parsed.value, facts);
  const capability = capabilityOfCall(asked);
  const narrower = origin === 'agent' ? toolsetOf(run) : run.snapshot.toolset;
  const decision = decide(run.snapshot, asked, narrower);
  // What the policy itself refuses is refused in its own words.
  const out = decision.decision === 'deny' ? null : outOfBounds(run, parsed.value, facts);
  if (out !== null) return refuse(out.rule, out.reason, 'gatekeeper');
  return record({
    type: 'policy.decided',
    ...place,
    data: { call, tool, capability, ...decision, snapshot: run.origin.policy.snapshot },
  });
}

/** What a model is told of arguments that are not JSON; null for any others, for calls of the node, and in older engines. */
function notJson({ origin: { flags } }: ActiveRun, { data }: RunEvent<'tool.requested'>): string | null {
  const fault = flags.engine < 4 || data.origin !== 'agent' ? null : jsonFault(textOf(data.input));
  return fault === null ? null : malformedText(data.tool, fault);
}

/** Why a run has no tool of that name for whoever calls it, or null. */
function missingTool({ origin: { flags }, snapshot }: ActiveRun, tool: string, caller: CallOrigin): string | null {
  if (flags.engine >= 3 && tool.startsWith(MCP_PREFIX)) {
    const known = caller === 'agent' && mcpToolOf(snapshot, tool) !== undefined;
    return known ? null : oneLine(`the run was not given a tool "${tool}" of an MCP server`);
  }
  if (!isToolName(tool) || !existsIn(tool, flags.engine)) return `there is no tool "${tool}"`;
  return caller === 'agent' && !isForAgents(tool, flags.engine) ? `${tool} is not a tool for agents` : null;
}

/** What is asked of the policy: before engine 3 a command line was either one of the project or not. */
function asks({ origin, snapshot }: ActiveRun, call: AnyToolInput, facts: ToolFacts): PolicyRequest {
  if (origin.flags.engine >= 3) return requestOf(call, facts, snapshot.commands);
  return { tool: call.tool, capability: capabilityOf(call, snapshot.commands), paths: facts.paths };
}

/** What follows from a decision. */
export function actOnDecision(run: ActiveRun, current: CallState, event: RunEvent<'policy.decided'>): Effect {
  const place = placeOf(run, event);
  const { request } = current;
  switch (event.data.decision) {
    case 'allow':
      return question(request, place) ?? execute(run, current, event);
    case 'ask':
      return (
        question(request, place) ??
        writtenByPerson(current, place) ??
        agreedAlready(run, current, place) ??
        askPerson(run, current, event)
      );
    case 'deny':
      return notRun(request.call, request.tool, 'denied', denialText(run, event), place);
    default:
      return assertNever(event.data.decision);
  }
}

/** The question whether the call may be made, unless a person has allowed this very call for the whole run. */
function askPerson(run: ActiveRun, current: CallState, event: RunEvent<'policy.decided'>): Effect {
  const place = placeOf(run, event);
  const { call, tool, input } = current.request;
  const standing = standingFor(run, current, event.data);
  const given = standingOver(run, standing);
  if (given !== undefined) {
    const reason = `allowed in this run, see the approval ${given.approval}`;
    const data = { approval: call, verdict: 'approved', by: given.by, reason } as const;
    return record({ type: 'approval.resolved', ...place, data });
  }
  return {
    kind: 'ask_approval',
    approval: call,
    call,
    title: `${tool} ${oneLine(input, 160)}: ${event.data.reason}`,
    detail: input,
    place,
    tool,
    ...(isEditable(run, current.request) ? { editable: true } : {}),
    ...(standing === null ? {} : { standing }),
  };
}

/** The model's own question to the person: to ask it is all that the call does. Null for any other call. */
function question({ call, tool, input }: CallState['request'], place: Place): Effect | null {
  if (tool !== ASK_USER) return null;
  const parsed = parseCall(tool, input);
  const title = parsed.ok && parsed.value.tool === ASK_USER ? parsed.value.input.question : input;
  return { kind: 'ask_approval', approval: call, call, title, detail: input, place, tool, question: true };
}

const ASK_USER = 'ask_user';

/** Since engine 3 a model is told what to do instead of a line that is no plain command. */
function denialText({ origin }: ActiveRun, { data }: RunEvent<'policy.decided'>): string {
  const { tool, rule, layer } = data;
  const line = tool === 'run_command' && rule === 'one-plain-command' && layer === 'built in';
  return deniedText(data, origin.flags.engine >= 3 && line);
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
    return notRun(call, tool, 'rejected', changedText(edit.request.call), place);
  }
  const asked = tool === ASK_USER;
  if (event.data.verdict === 'approved') {
    return asked ? answered(current.request, event, place) : execute(run, current, event);
  }
  const { reason } = event.data;
  return notRun(call, tool, 'rejected', asked ? unansweredText(reason) : rejectedText(reason), place);
}

/** The answer of a person, which is all that the model's question was for. */
function answered({ call, tool }: CallState['request'], { data }: RunEvent<'approval.resolved'>, place: Place): Effect {
  return finished({ call, tool, outcome: 'ok', output: answerText(data.reason), confinement: 'in process' }, place);
}

/** The call, with what is left of its node's time; waiting for a person does not use it up. */
function execute(run: ActiveRun, { request, facts }: CallState, event: RunEvent): Effect {
  const limitMs = timeLeft(run, event);
  const { branch, commit } = run;
  const after =
    request.tool === 'git_commit' && branch !== null && commit !== null ? { after: { branch, commit } } : {};
  const bounds = boundsOf(run);
  const bound = bounds === undefined ? {} : { bounds };
  return {
    kind: 'execute_call',
    request: { ...request, limitMs, ...after, ...bound },
    facts,
    place: placeOf(run, event),
  };
}

const notRun = (call: string, tool: string, outcome: ToolOutcome, output: string, place: Place): Effect =>
  finished({ call, tool, outcome, output: wellFormed(output), confinement: 'not run' }, place);

type Ended = Pick<DataOf<'tool.finished'>, 'call' | 'tool' | 'outcome' | 'output' | 'confinement'>;

/** The outcome of a call that no tool had a hand in. */
const finished = (ended: Ended, place: Place): Effect =>
  record({ type: 'tool.finished', ...place, data: { ...ended, exitCode: null, tree: null, ms: 0 } });
