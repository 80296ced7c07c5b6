/**
 * Performing effects through ports. Each performer is a generator of event bodies, and the session makes each body
 * durable before it asks for the next: what stands before an `await` of a port is therefore on disk before the port acts.
 */
import type { Usage } from '../events/parts';
import type { EventBody } from '../events/schema';
import { clearForEgress } from '../gatekeeper/egress';
import { planByRules, tighten } from '../gatekeeper/plan';
import { recordable } from '../gatekeeper/redact';
import { redactJson } from '../gatekeeper/redactJson';
import { assertNever } from '../kernel/assertNever';
import { OpenExecError } from '../kernel/errors';
import type { Sha256 } from '../kernel/hash';
import { wellFormed } from '../kernel/json';
import { cut } from '../kernel/text';
import type { ApprovalVerdict, Approver } from '../ports/approver';
import type { Classifier } from '../ports/classifier';
import type { Clock } from '../ports/clock';
import type { Model, ModelDelta, ModelFailure, ModelReply } from '../ports/model';
import type { Toolbox } from '../ports/toolbox';
import { linkMessages, requestTokens, signatureOf, totalBytes } from './conversation';
import type { Effect } from './effects';
import { NAME_LIMIT, REPLY_TOKENS, TOKENS_LIMIT } from './limits';
import { nodeOf, toolsetOf } from './nodes';
import { offerOf } from './prompt';
import type { ActiveRun } from './state';

/** What the effects of a run are performed through. */
export type EffectPorts = {
  readonly hash: Sha256;
  readonly clock: Clock;
  readonly model: Model;
  readonly classifier: Classifier;
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
    case 'prepare_call':
      return prepareCall(effect, ports);
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
  const { classification, ms } = await ports.classifier.classify(run.task);
  const excluded = run.snapshot.policy.rules.filter((r) => r.effect === 'deny' && r.capabilities.includes('repo_read'));
  const byRules = planByRules(run.task, {
    toolset: run.snapshot.toolset.id,
    blueprint: run.blueprint.id,
    excluded: excluded.flatMap((rule) => rule.paths ?? []),
  });
  const plan = tighten(byRules, classification);
  yield { type: 'plan.proposed', ...place, data: { plan, classifier: ports.classifier.id.id, ms } };
}

async function* prepareCall({ request, place }: Of<'prepare_call'>, ports: EffectPorts): Bodies {
  const facts = await ports.toolbox.facts(request);
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
  for (const body of result.events) yield { ...body, ...place, data: redactArtifact(body, run) } as EventBody;
  const { outcome, exitCode, tree, confinement, ms } = result;
  const output = recordable(result.output);
  const { call, tool } = request;
  yield { type: 'tool.finished', ...place, data: { call, tool, outcome, output, exitCode, tree, confinement, ms } };
}

function redactArtifact(
  body: EventBody<'context.built' | 'file.changed' | 'artifact.created'>,
  { origin }: ActiveRun,
): EventBody['data'] {
  if (body.type !== 'artifact.created' || typeof body.data.content !== 'string') return body.data;
  const { content, media, summary } = body.data;
  if (origin.flags.engine < 2) return { ...body.data, content: recordable(content) };
  // String by string: a secret that has no end must not take the rest of a report with it.
  const cleared = media === 'application/json' ? redactJson(wellFormed(content), 1) : recordable(content);
  return { ...body.data, content: cleared, summary: recordable(summary) };
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
  const { hash, model } = ports;
  const { provider, name, destination } = model.id;
  const { turn, retry, delayMs, place } = effect;
  if (delayMs > 0) await ports.clock.wait(delayMs, signal);

  const offered = offerOf(toolsetOf(run));
  const cleared = clearForEgress(agent.pending, hash);
  const parent = agent.hash;
  const conversation = linkMessages(parent, [...agent.unlinked, ...cleared.messages], hash);
  const signature = signatureOf(conversation, offered, hash);
  const carried = { parts: agent.sent.length, bytes: agent.sentBytes };
  const parts = [
    { source: 'tool definitions', bytes: offered.bytes, sha256: hash(offered.text), redactions: {} },
    ...cleared.parts,
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
      conversation: { parent, added: cleared.messages, hash: conversation },
      tools: offered.tools.map((tool) => tool.name),
      signature,
    },
  };
  const messages = [...agent.sent, ...cleared.messages];
  const sending = requestTokens(agent.sentBytes + totalBytes(cleared.messages), offered);
  const maxOutputTokens = Math.min(REPLY_TOKENS, node.max_call_tokens - sending);
  const reply = await model.invoke(
    { messages, tools: offered.tools, maxOutputTokens, signature },
    { signal, onDelta: ports.onDelta, limitMs: effect.limitMs },
  );
  yield replyBody(reply, run, place);
}

function replyBody(
  reply: ModelReply | ModelFailure,
  { origin }: ActiveRun,
  place: Of<'invoke_model'>['place'],
): EventBody {
  if (reply.kind === 'failure') {
    const { code, message, retryable, ms } = reply;
    return { type: 'model.failed', ...place, data: { code, message: recordable(message), retryable, ms } };
  }
  const { text, toolCalls, usage, costUsd, stop, ms, firstTokenMs } = reply;
  const calls = toolCalls.map((call) => ({
    id: cut(recordable(call.id), NAME_LIMIT),
    name: cut(recordable(call.name), NAME_LIMIT),
    arguments: redactJson(wellFormed(call.arguments)),
  }));
  return {
    type: 'model.responded',
    ...place,
    data: {
      text: origin.flags.engine < 2 ? recordable(text) : clearText(text),
      toolCalls: calls,
      usage: plausible(usage),
      costUsd,
      stop,
      ms,
      firstTokenMs,
    },
  };
}

/** A reply that is JSON as a whole is going to be read as that, escapes and all; in any other they are but letters. */
const clearText = (text: string): string => (isJson(text) ? redactJson(wellFormed(text), 1) : recordable(text));

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Counts that a broken or hostile server made up must not make the sums of a run unsafe. */
function plausible(usage: Usage): Usage {
  const bounded = (tokens: number): number => Math.min(tokens, TOKENS_LIMIT);
  return { ...usage, input: bounded(usage.input), output: bounded(usage.output), cached: bounded(usage.cached) };
}

async function* askApproval(
  effect: Of<'ask_approval'>,
  run: ActiveRun,
  ports: EffectPorts,
  signal: AbortSignal,
): Bodies {
  const { approval, call, title, detail, place, editable = false } = effect;
  const { snapshot } = run.origin.policy;
  if (!effect.asked) {
    const data = { approval, call, title, detail, snapshot, ...(editable ? { editable } : {}) };
    yield { type: 'approval.requested', ...place, data };
  }
  const verdict = await ports.approver.ask({ approval, title, detail, snapshot, editable }, signal);
  if (verdict.kind === 'resolved') {
    yield { type: 'approval.resolved', ...place, data: { approval, ...answerTo(effect, verdict) } };
  } else if (!signal.aborted) {
    yield { type: 'run.paused', ...place, data: { reason: recordable(verdict.reason) } };
  }
}

type Answer = Omit<EventBody<'approval.resolved'>['data'], 'approval'>;

/** A verdict as it is recorded. An edit of what cannot be edited is no agreement to what stands there. */
function answerTo(
  { detail, editable }: Of<'ask_approval'>,
  said: Extract<ApprovalVerdict, { kind: 'resolved' }>,
): Answer {
  const { verdict, by, edited } = said;
  const answer = { verdict, by, reason: recordable(said.reason) };
  if (verdict === 'rejected' || edited === undefined || edited === detail) return answer;
  if (!editable)
    return { ...answer, verdict: 'rejected', reason: 'it was changed, and it can only be approved as it is' };
  return { ...answer, edited: redactJson(wellFormed(edited)) };
}
