/**
 * A request of the port as the body of a Chat Completions request. Pure.
 */
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { z } from 'zod';
import type { Message } from '../../../core/events/parts';
import { textOf } from '../../../core/events/payload';
import { assertNever } from '../../../core/kernel/assertNever';
import type { ModelRequest, ToolDefinition } from '../../../core/ports/model';

const jsonSchemaObject = z.record(z.string(), z.unknown());

/**
 * `limitField` is the name of the output limit: OpenAI's own models refuse `max_tokens`, and most compatible servers
 * know only that one.
 */
export function chatRequest(
  model: string,
  request: ModelRequest,
  limitField: 'max_tokens' | 'max_completion_tokens',
): ChatCompletionCreateParamsStreaming {
  return {
    model,
    messages: request.messages.map(chatMessage),
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(chatTool) }),
    [limitField]: request.maxOutputTokens,
    stream: true,
    stream_options: { include_usage: true },
  };
}

function chatTool({ name, description, parameters }: ToolDefinition) {
  return { type: 'function' as const, function: { name, description, parameters: jsonSchemaObject.parse(parameters) } };
}

function chatMessage(message: Message): ChatCompletionMessageParam {
  const content = textOf(message.content);
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content };
    case 'tool':
      return { role: 'tool', tool_call_id: message.call, content };
    case 'assistant':
      if (message.toolCalls.length === 0) return { role: 'assistant', content };
      return {
        role: 'assistant',
        content: content === '' ? null : content,
        tool_calls: message.toolCalls.map(({ id, name, arguments: text }) => ({
          id,
          type: 'function' as const,
          function: { name, arguments: textOf(text) },
        })),
      };
    default:
      return assertNever(message);
  }
}
