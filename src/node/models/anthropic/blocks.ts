/** Texts and tool calls as blocks of the Messages API, which refuses some that the port allows. Pure. */
import type { TextBlockParam, ToolResultBlockParam, ToolUseBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { z } from 'zod';
import type { Message } from '../../../core/events/parts';
import { textOf } from '../../../core/events/payload';

type Call = Extract<Message, { role: 'assistant' }>['toolCalls'][number];
type ToolMessage = Extract<Message, { role: 'tool' }>;

/** A text as a block; none where there is nothing but space in it, which the API refuses. */
export const textBlocks = (text: string): TextBlockParam[] => (text.trim() === '' ? [] : [{ type: 'text', text }]);

/** A tool call of an earlier reply. */
export const callBlock = ({ id, name, arguments: written }: Call): ToolUseBlockParam => ({
  type: 'tool_use',
  id: allowed(id),
  name: allowed(name),
  input: inputOf(textOf(written)),
});

export const resultBlock = ({ call, content }: ToolMessage): ToolResultBlockParam => {
  const text = textBlocks(textOf(content));
  return { type: 'tool_result', tool_use_id: allowed(call), ...(text.length === 0 ? {} : { content: text }) };
};

/** Ids and names of other providers may hold characters that this one refuses. */
const allowed = (text: string): string => text.replace(/[^a-zA-Z0-9_-]/g, '_') || '_';

const anObject = z.record(z.string(), z.unknown());

/** The API takes objects only; what the model wrote and is none goes back as it was, as Anthropic recommends it. */
function inputOf(written: string): Record<string, unknown> {
  try {
    const parsed = anObject.safeParse(JSON.parse(written));
    if (parsed.success) return parsed.data;
  } catch {
    // Handled below: it is not JSON.
  }
  return { INVALID_JSON: written };
}
