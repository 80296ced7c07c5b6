/**
 * An estimate of tokens for replies whose server reports none, or none that can be. It is always marked as estimated.
 */

import type { Usage } from '../../../core/events/parts';
import { textOf } from '../../../core/events/payload';
import type { ModelReply, ModelRequest } from '../../../core/ports/model';

/** Bytes of UTF-8 per token; the usual rule of thumb for English text and source code. */
const BYTES_PER_TOKEN = 4;

const tokens = (texts: readonly string[]): number =>
  Math.ceil(texts.reduce((sum, text) => sum + Buffer.byteLength(text, 'utf8'), 0) / BYTES_PER_TOKEN);

/** What went over the wire in either direction, as far as it counts. */
export function textsOf(
  request: ModelRequest,
  reply: Pick<ModelReply, 'text' | 'toolCalls'>,
): { readonly sent: readonly string[]; readonly received: readonly string[] } {
  const sent = request.messages.flatMap((message) => [
    textOf(message.content),
    ...(message.role === 'assistant' ? message.toolCalls.flatMap((call) => [call.name, textOf(call.arguments)]) : []),
  ]);
  const tools = request.tools.length === 0 ? [] : [JSON.stringify(request.tools)];
  const received = [reply.text, ...reply.toolCalls.flatMap((call) => [call.name, call.arguments])];
  return { sent: [...sent, ...tools], received };
}

/** Estimates the usage of one exchange, in tokens, from the bytes that went over the wire in either direction. */
export function estimateUsage(request: ModelRequest, reply: Pick<ModelReply, 'text' | 'toolCalls'>): Usage {
  const { sent, received } = textsOf(request, reply);
  return { input: tokens(sent), output: tokens(received), cached: 0, estimated: true };
}

/** No text takes so many times fewer tokens than it is estimated to have. */
const TOO_FEW = 10;

/**
 * What is charged for an exchange: what the server reports, unless that is nothing or next to nothing of what went over
 * the wire. Limits would never be met by it, so the estimate is charged then.
 */
export function believed(reported: Usage | null, estimate: Usage): Usage {
  if (reported === null || reported.input * TOO_FEW < estimate.input) return estimate;
  return reported.output * TOO_FEW < estimate.output
    ? { ...reported, output: estimate.output, estimated: true }
    : reported;
}
