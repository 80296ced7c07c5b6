/**
 * What all protocols have in common when a reply is put together from a stream. No I/O.
 *
 * Invariant: nothing is repaired. Tool arguments stay the text that the model wrote, JSON or not.
 */
import { z } from 'zod';
import { wellFormed } from '../../../core/kernel/json';
import type { Result } from '../../../core/kernel/result';
import type { ModelReply, ModelRequest, ToolDefinition } from '../../../core/ports/model';

/** Characters of text and arguments above which a reply is given up: no useful one is that long. */
export const MAX_REPLY = 16 * 1024 * 1024;

export const TOO_LONG = `the reply is longer than ${MAX_REPLY} characters`;

/** What one chunk brought: text for display, and whether the model had produced anything by then. */
export type Progress = { readonly text: string; readonly token: boolean };

/** An error as a server describes it, as far as it does; the words are not to be shown before they are cleaned. */
export type Reported = { readonly message: string; readonly code: string | null; readonly type: string | null };

/** Why a stream cannot be used: it is not the protocol, or the server says in it that something went wrong. */
export type Broken =
  | { readonly kind: 'protocol'; readonly what: string }
  | { readonly kind: 'reported'; readonly error: Reported };

export const notProtocol = (what: string): Broken => ({ kind: 'protocol', what });

export type Content = Pick<ModelReply, 'text' | 'toolCalls' | 'usage' | 'stop' | 'kept'>;

export interface Assembly {
  /** Takes the next chunk; the error says why the reply is given up with it. */
  add(chunk: unknown): Result<Progress, Broken>;
  /** True once the server has said why the reply ended. */
  readonly finished: boolean;
  /** True when not one chunk came. */
  readonly empty: boolean;
  /** The complete reply; the error says what about it cannot be used. Only after `finished`. */
  content(): Result<Content, Broken>;
}

export type WrittenCall = { readonly id: string; readonly name: string; readonly arguments: string };

/**
 * The calls as the port knows them, each with an id that no other call of the conversation has: the server's where it is
 * there and new, else `call_<n>`, counted over the conversation so that the same reply always gets the same ids.
 *
 * `whole` is false for a reply that was cut off, or that ended in another way than by its calls.
 */
export function identified(
  calls: readonly WrittenCall[],
  request: ModelRequest,
  whole: boolean,
): ModelReply['toolCalls'] {
  const earlier = request.messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  const taken = new Set(earlier.map((call) => call.id));
  return calls.map((call, position) => {
    let id = wellFormed(call.id);
    for (let n = earlier.length + position; id === '' || taken.has(id); n += 1) id = `call_${n}`;
    taken.add(id);
    const name = wellFormed(call.name);
    const written = wellFormed(call.arguments);
    const none = written === '' && whole && takesNothing(request.tools.find((tool) => tool.name === name));
    return { id, name, arguments: none ? NO_ARGUMENTS : written };
  });
}

/**
 * How a call of a tool that takes nothing is written. Many servers send no arguments at all for it, which is no text that
 * could be malformed. For every other tool the absence stays what it is, and is told to the model as an error.
 */
const NO_ARGUMENTS = '{}';

const schemaOfNothing = z.object({
  type: z.literal('object'),
  properties: z.record(z.string(), z.unknown()).optional(),
});

function takesNothing(tool: ToolDefinition | undefined): boolean {
  const schema = schemaOfNothing.safeParse(tool?.parameters);
  return schema.success && Object.keys(schema.data.properties ?? {}).length === 0;
}
