/** What spans say of the events that they are made of. With `content` off nothing that a person or a model wrote is in them. */
import type { Message } from '../events/parts';
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import type { Attributes } from './span';

/** The conventions' names for providers; others keep their own. */
const PROVIDERS: Readonly<Record<string, string>> = { 'openai-compatible': 'openai', vscode: 'vscode.lm' };

export function ofRun({ run, data }: RunEvent<'run.started'>, content: boolean): Attributes {
  return {
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.workflow.name': data.blueprint.id,
    'gen_ai.conversation.id': run,
    'openexec.run.id': run,
    'openexec.blueprint.hash': data.blueprint.hash,
    'openexec.policy.id': data.policy.id,
    'openexec.policy.snapshot': data.policy.snapshot,
    'openexec.toolset': data.toolset,
    'openexec.engine': data.flags.engine,
    'openexec.version': data.versions.openexec,
    'openexec.model.local': data.model.local,
    ...(data.parent === null ? {} : { 'openexec.run.parent': data.parent }),
    ...(content ? { 'openexec.task': textOf(data.task) } : {}),
  };
}

export function ofNode({ node = '', attempt, data }: RunEvent<'node.started'>, content: boolean): Attributes {
  const agent = data.kind === 'agent';
  return {
    ...(agent ? { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': node } : {}),
    'openexec.node': node,
    'openexec.node.kind': data.kind,
    // Of an agent it is what the blueprint tells it.
    ...(content || !agent ? { 'openexec.node.does': data.does } : {}),
    'openexec.node.attempt': attempt ?? 1,
  };
}

export function ofNodeEnd({ data }: RunEvent<'node.finished'>): Attributes {
  const route = data.route === undefined ? {} : { 'openexec.node.route': data.route };
  return { 'openexec.node.outcome': data.outcome, 'openexec.node.next': data.next, ...route };
}

export function ofRequest({ data }: RunEvent<'model.requested'>, content: boolean): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': PROVIDERS[data.provider] ?? data.provider,
    'gen_ai.request.model': data.model,
    'gen_ai.request.stream': true,
    'openexec.model.turn': data.turn,
    'openexec.model.retry': data.retry,
    ...(content ? { 'gen_ai.input.messages': JSON.stringify(data.conversation.added.map(saidBy)) } : {}),
  };
}

export function ofEgress({ data }: RunEvent<'egress.sent'>): Attributes {
  return { 'server.address': data.destination, 'openexec.egress.bytes': data.bytes };
}

export function ofReply({ data }: RunEvent<'model.responded'>, content: boolean): Attributes {
  const { usage, costUsd, firstTokenMs, stop } = data;
  return {
    'gen_ai.usage.input_tokens': usage.input,
    'gen_ai.usage.output_tokens': usage.output,
    'gen_ai.usage.cache_read.input_tokens': usage.cached,
    'gen_ai.response.finish_reasons': [FINISHES[stop]],
    'openexec.usage.estimated': usage.estimated,
    // Seconds, as the conventions want it; a cost that is not known is not said.
    ...(firstTokenMs === null ? {} : { 'gen_ai.response.time_to_first_chunk': firstTokenMs / 1000 }),
    ...(costUsd === null ? {} : { 'openexec.cost.usd': costUsd }),
    ...(content ? { 'gen_ai.output.messages': JSON.stringify([replied(data)]) } : {}),
  };
}

const FINISHES = {
  end: 'stop',
  tools: 'tool_call',
  length: 'length',
  filter: 'content_filter',
  refusal: 'content_filter',
} as const;

export function ofCall({ data }: RunEvent<'tool.requested'>, content: boolean): Attributes {
  return {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': data.tool,
    'gen_ai.tool.type': 'function',
    'gen_ai.tool.call.id': data.call,
    'openexec.call.origin': data.origin,
    ...(content ? { 'gen_ai.tool.call.arguments': textOf(data.input) } : {}),
  };
}

export function ofDecision({ data }: RunEvent<'policy.decided'>, content: boolean): Attributes {
  return {
    'openexec.policy.decision': data.decision,
    'openexec.policy.rule': data.rule,
    'openexec.policy.layer': data.layer,
    'openexec.policy.capability': data.capability,
    ...(content ? { 'openexec.policy.reason': data.reason } : {}),
  };
}

export function ofResult({ data }: RunEvent<'tool.finished'>, content: boolean): Attributes {
  return {
    'openexec.call.outcome': data.outcome,
    'openexec.call.confinement': data.confinement,
    ...(data.exitCode === null ? {} : { 'process.exit.code': data.exitCode }),
    ...(content ? { 'gen_ai.tool.call.result': textOf(data.output) } : {}),
  };
}

/** A message in the form of the conventions: a role, and parts. */
function saidBy(message: Message): object {
  if (message.role === 'tool') {
    const part = { type: 'tool_call_response', id: message.call, response: textOf(message.content) };
    return { role: 'tool', parts: [part] };
  }
  return { role: message.role, parts: [{ type: 'text', content: textOf(message.content) }] };
}

function replied({ text, toolCalls, stop }: RunEvent<'model.responded'>['data']): object {
  const said = textOf(text);
  const calls = toolCalls.map((call) => ({
    type: 'tool_call',
    id: call.id,
    name: call.name,
    arguments: textOf(call.arguments),
  }));
  const parts = [...(said === '' ? [] : [{ type: 'text', content: said }]), ...calls];
  return { role: 'assistant', parts, finish_reason: FINISHES[stop] };
}
