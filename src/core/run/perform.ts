/**
 * Performing effects through ports. Each performer is a generator of event bodies, and the session makes each body
 * durable before it asks for the next: what stands before an `await` of a port is therefore on disk before the port acts.
 */
import type { EventBody } from '../events/schema';
import { shownThrough } from '../gatekeeper/deltas';
import { type Clear, partsOf } from '../gatekeeper/egress';
import type { Gate } from '../gatekeeper/gate';
import { planBefore4, tightenBefore4 } from '../gatekeeper/planBefore4';
import type { Redaction } from '../gatekeeper/redact';
import { assertNever } from '../kernel/assertNever';
import { OpenExecError } from '../kernel/errors';
import { type Sha256, ZERO_HASH } from '../kernel/hash';
import { wellFormed } from '../kernel/json';
import { cut } from '../kernel/text';
import type { ApprovalVerdict, Approver } from '../ports/approver';
import type { Classifier } from '../ports/classifier';
import type { Clock } from '../ports/clock';
import type { Model, ModelDelta } from '../ports/model';
import type { Surveyor } from '../ports/surveyor';
import type { Toolbox, ToolResult } from '../ports/toolbox';
import { boundsOf, excludedBy } from './bounds';
import { linkMessages, requestTokens, signatureOf, totalBytes } from './conversation';
import type { Effect } from './effects';
import { ANSWER_KEPT, ANSWER_LIMIT } from './limits';
import { nodeOf } from './nodes';
import { offeredTo } from './offered';
import { propose } from './propose';
import { replyBody } from './replied';
import { knownOf } from './sources';
import type { ActiveRun } from './state';
import { replyLimit, shortening, windowOf } from './window';

/** What the effects of a run are performed through. */
export type EffectPorts = {
  readonly hash: Sha256;
  readonly clock: Clock;
  readonly model: Model;
  readonly classifier: Classifier;
  readonly surveyor: Surveyor;
  /** What every text passes before it is recorded. */
  readonly gate: Gate;
  /** What every message passes before it leaves for a model. */
  readonly clear: Clear;
  readonly toolbox: Toolbox;
  readonly approver: Approver;
  readonly onDelta: (delta: ModelDelta) => void;
};

type Bodies = AsyncGenerator<EventBody, void, void>;

/** The events of one effect, in order; the consumer must make each durable before it goes on. */
export function perform(effect: Effect, run: ActiveRun, ports: EffectPorts, signal: AbortSignal): Bodies {
  switch (effect.kind) {
    case 'record':
      return recordOnly(effect.body);
    case 'propose_plan':
      return proposePlan(effect, run, ports);
    case 'shorten':
      return shortenConversation(effect, run, ports);
    case 'prepare_call':
      return prepareCall(effect, run, ports);
    case 'execute_call':
      return executeCall(effect, run, ports, signal);
    case 'invoke_model':
      return invokeModel(effect, run, ports, signal);
    case 'ask_approval':
      return askApproval(effect, run, ports, signal);
    default:
      return assertNever(effect);
  }
}

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

async function* recordOnly(body: EventBody): Bodies {
  yield body;
}

async function* proposePlan({ place }: Of<'propose_plan'>, run: ActiveRun, ports: EffectPorts): Bodies {
  const { origin, snapshot, blueprint, task } = run;
  const classifier = origin.gatekeeper.id;
  if (origin.flags.engine >= 4) {
    // A model that has come since the run was prepared is none that the record names.
    const named = origin.gatekeeper.sha256 === null ? { ...ports, classifier: NO_MODEL } : ports;
    const { plan, ms, made } = await propose(task, { snapshot, blueprint: blueprint.id }, named);
    yield { type: 'plan.proposed', ...place, data: { plan, classifier, ms, ...made } };
    return;
  }
  const { classification, ms } = await ports.classifier.classify(task);
  const before = { toolset: snapshot.toolset.id, blueprint: blueprint.id, excluded: excludedBy(snapshot) };
  const plan = tightenBefore4(planBefore4(task, before), classification);
  yield { type: 'plan.proposed', ...place, data: { plan, classifier, ms } };
}

const NO_MODEL: Classifier = {
  identify: async () => ({ id: 'rules', sha256: null }),
  classify: async () => ({ classification: null, ms: 0, problem: 'there is no local model' }),
};

async function* shortenConversation({ place }: Of<'shorten'>, run: ActiveRun, { hash }: EffectPorts): Bodies {
  const short = shortening(run);
  if (short === null) throw new OpenExecError('internal', 'there is nothing to shorten');
  const { sent, calls, before, after } = short;
  const data = { calls: [...calls], before, after, hash: linkMessages(ZERO_HASH, sent, hash) };
  yield { type: 'conversation.shortened', ...place, data };
}

async function* prepareCall({ request, place }: Of<'prepare_call'>, run: ActiveRun, ports: EffectPorts): Bodies {
  const bounds = boundsOf(run);
  const facts = await ports.toolbox.facts(bounds === undefined ? request : { ...request, bounds });
  const { call, tool, input, origin } = request;
  yield { type: 'tool.requested', ...place, data: { call, tool, input, origin, facts } };
}

async function* executeCall(
  effect: Of<'execute_call'>,
  run: ActiveRun,
  ports: EffectPorts,
  signal: AbortSignal,
): Bodies {
  const { request, facts, place } = effect;
  const result = await ports.toolbox.execute(request, facts, signal);
  const found = new Tally(result.found);
  for (const body of result.events)
    yield { ...body, ...place, data: redactArtifact(body, run, ports.gate, found) } as EventBody;
  const { outcome, exitCode, tree, confinement, ms } = result;
  const output = found.of(ports.gate.redact(wellFormed(result.output)));
  const { call, tool } = request;
  const data = { call, tool, outcome, output, exitCode, tree, confinement, ms };
  const counted = run.origin.flags.engine < 4 ? {} : found.counts();
  yield { type: 'tool.finished', ...place, data: { ...data, ...counted } };
}

/** What was redacted out of a call's result, by kind. */
class Tally {
  private readonly all: Map<string, number>;

  constructor(found: ToolResult['found'] = {}) {
    this.all = new Map(Object.entries(found));
  }

  /** The text of a redaction, which is counted. */
  of({ text, counts }: Redaction): string {
    for (const [kind, count] of Object.entries(counts)) this.all.set(kind, (this.all.get(kind) ?? 0) + count);
    return text;
  }

  counts(): { found?: Record<string, number> } {
    return this.all.size === 0 ? {} : { found: Object.fromEntries(this.all) };
  }
}

function redactArtifact(
  body: EventBody<'context.built' | 'file.changed' | 'artifact.created'>,
  { origin }: ActiveRun,
  gate: Gate,
  found: Tally,
): EventBody['data'] {
  if (body.type === 'file.changed' && origin.flags.engine >= 4)
    return { ...body.data, path: gate.recordable(body.data.path) };
  if (body.type !== 'artifact.created' || typeof body.data.content !== 'string') return body.data;
  const { content, media, summary } = body.data;
  if (origin.flags.engine < 2) return { ...body.data, content: gate.recordable(content) };
  // String by string: a secret that has no end must not take the rest of a report with it.
  const isJson = media === 'application/json';
  const whole = wellFormed(content);
  const clear = found.of(isJson ? gate.redactJson(whole, 1) : gate.redact(whole));
  return { ...body.data, content: clear, summary: gate.recordable(summary) };
}

async function* invokeModel(
  effect: Of<'invoke_model'>,
  run: ActiveRun,
  ports: EffectPorts,
  signal: AbortSignal,
): Bodies {
  const { agent, visit } = run;
  const node = visit ? nodeOf(run, visit.id) : undefined;
  if (!agent || node?.type !== 'agent') throw new OpenExecError('internal', 'a model request without an agent node');
  const { hash, model, gate } = ports;
  const { provider, name, destination } = model.id;
  const { turn, retry, delayMs, place } = effect;
  if (delayMs > 0) await ports.clock.wait(delayMs, signal);

  const offered = offeredTo(run);
  const added = [...(await ports.clear(agent.pending))];
  // Nothing leaves any more, so nothing is recorded of it.
  if (signal.aborted) return;
  const each = partsOf(agent.pending, added, (message, sent) => knownOf(run, message, sent), hash);
  const parent = agent.hash;
  const conversation = linkMessages(parent, [...agent.unlinked, ...added], hash);
  const signature = signatureOf(conversation, offered, hash);
  const carried = { parts: agent.sent.length, bytes: agent.sentBytes };
  const parts = [
    { source: 'tool definitions', bytes: offered.bytes, sha256: hash(offered.text), redactions: {} },
    ...each,
  ];
  const bytes = carried.bytes + parts.reduce((sum, part) => sum + part.bytes, 0);
  if (!effect.announced) {
    yield { type: 'egress.sent', ...place, data: { provider, model: name, destination, parts, carried, bytes } };
  }
  yield {
    type: 'model.requested',
    ...place,
    data: {
      turn,
      retry,
      delayMs,
      provider,
      model: name,
      conversation: { parent, added, hash: conversation },
      tools: offered.tools.map((tool) => tool.name),
      signature,
    },
  };
  const messages = [...agent.sent, ...added];
  const sending = requestTokens(agent.sentBytes + totalBytes(added), offered);
  const maxOutputTokens = replyLimit(windowOf(run, node), sending);
  const reply = await model.invoke(
    { messages, tools: offered.tools, maxOutputTokens, signature },
    { signal, onDelta: shownThrough(gate, ports.onDelta), limitMs: effect.limitMs },
  );
  yield replyBody(reply, run, gate, place);
}

/** What is kept is well below the limit: with what is said of it, a replay finds it short enough. */
function boundedAnswer(reason: string, gate: Gate): string {
  if (reason.length <= ANSWER_LIMIT) return reason;
  const kept = cut(reason, ANSWER_KEPT);
  return gate.recordable(`${kept}\n[cut: ${reason.length - kept.length} more characters were not kept]`);
}

async function* askApproval(
  effect: Of<'ask_approval'>,
  run: ActiveRun,
  ports: EffectPorts,
  signal: AbortSignal,
): Bodies {
  const { approval, call, title, detail, place, tool, editable = false, question = false, context = false } = effect;
  const { snapshot } = run.origin.policy;
  if (!effect.asked) {
    const marks = {
      ...(editable ? { editable } : {}),
      ...(question ? { question } : {}),
      ...(context ? { context } : {}),
    };
    yield { type: 'approval.requested', ...place, data: { approval, call, title, detail, snapshot, ...marks } };
  }
  const repeatable = effect.standing !== undefined;
  const about = { approval, title, detail, snapshot, editable, repeatable, question, context };
  const verdict = await ports.approver.ask({ ...about, ...(tool === undefined ? {} : { tool }) }, signal);
  if (verdict.kind === 'resolved') {
    yield { type: 'approval.resolved', ...place, data: { approval, ...answerTo(effect, verdict, ports.gate) } };
  } else if (!signal.aborted) {
    yield { type: 'run.paused', ...place, data: { reason: ports.gate.recordable(verdict.reason) } };
  }
}

type Answer = Omit<EventBody<'approval.resolved'>['data'], 'approval'>;

/** A verdict as it is recorded. An edit of what cannot be edited is no agreement to what stands there. */
function answerTo(
  { detail, editable, question, standing, context }: Of<'ask_approval'>,
  said: Extract<ApprovalVerdict, { kind: 'resolved' }>,
  gate: Gate,
): Answer {
  const { verdict, by, edited } = said;
  const reason = gate.recordable(said.reason);
  const answer = { verdict, by, reason: question === true ? boundedAnswer(reason, gate) : reason };
  if (verdict === 'rejected') return answer;
  if (context === true && said.leftOut !== undefined && said.leftOut.length > 0)
    return { ...answer, leftOut: [...said.leftOut] };
  if (edited === undefined || edited === detail) {
    return said.scope === 'run' && standing !== undefined ? { ...answer, scope: 'run' } : answer;
  }
  if (!editable)
    return { ...answer, verdict: 'rejected', reason: 'it was changed, and it can only be approved as it is' };
  return { ...answer, edited: gate.redactJson(wellFormed(edited)).text };
}
