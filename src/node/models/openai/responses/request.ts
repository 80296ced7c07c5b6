/**
 * A request of the port as the body of a Responses request. Pure.
 *
 * Invariant: nothing is stored at the provider (`store: false`); whatever a conversation needs is sent with it.
 */
import type { ResponseCreateParamsStreaming, ResponseInputItem } from 'openai/resources/responses/responses';
import { z } from 'zod';
import type { Message } from '../../../../core/events/parts';
import { textOf } from '../../../../core/events/payload';
import { assertNever } from '../../../../core/kernel/assertNever';
import type { ModelRequest, ToolDefinition } from '../../../../core/ports/model';
import { assistantItems, type Maker } from './kept';

const jsonSchemaObject = z.record(z.string(), z.unknown());

/**
 * Models that reason, by name. OpenAI refuses to be asked for encrypted reasoning of any other ("Encrypted content is not
 * supported with this model", 400), so only these are asked; for names that are not known yet, the API gives it unasked.
 */
const REASONS = /^(ft:)?(o\d|gpt-[5-9]|gpt-\d\d|codex)/;
const CHATS_ONLY = /-chat(-|$)/;

/** The body of the request to one model; `maker` says whose reasoning may be given back. */
export function responsesRequest(request: ModelRequest, maker: Maker): ResponseCreateParamsStreaming {
  const reasons = REASONS.test(maker.model) && !CHATS_ONLY.test(maker.model);
  return {
    model: maker.model,
    input: request.messages.flatMap((message) => inputItems(message, maker)),
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(functionTool) }),
    ...(reasons ? { include: ['reasoning.encrypted_content' as const] } : {}),
    max_output_tokens: request.maxOutputTokens,
    store: false,
    stream: true,
  };
}

/** Not strict: a strict schema may not have optional members, and what a tool takes is checked here in any case. */
function functionTool({ name, description, parameters }: ToolDefinition) {
  return {
    type: 'function' as const,
    name,
    description,
    parameters: jsonSchemaObject.parse(parameters),
    strict: false,
  };
}

function inputItems(message: Message, maker: Maker): ResponseInputItem[] {
  switch (message.role) {
    case 'system':
    case 'user':
      return [{ type: 'message', role: message.role, content: textOf(message.content) }];
    case 'tool':
      return [{ type: 'function_call_output', call_id: message.call, output: textOf(message.content) }];
    case 'assistant':
      return assistantItems(message, maker);
    default:
      return assertNever(message);
  }
}
