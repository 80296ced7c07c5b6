/** Conversations linked by hash: a request records what it adds, and its hash covers everything before. */
import type { Message } from '../events/parts';
import { textOf } from '../events/payload';
import type { Sha256 } from '../kernel/hash';
import { canonicalize } from '../kernel/json';
import { utf8Length } from '../kernel/utf8';
import type { ToolDefinition } from '../ports/model';

/** The hash of a conversation that goes on from `parent` with `messages`. */
export function linkMessages(parent: string, messages: readonly Message[], hash: Sha256): string {
  return messages.reduce((link, message) => hash(canonicalize({ parent: link, message })), parent);
}

/** The key of a request: everything that the model sees. Neither model nor provider is part of it. */
export function signatureOf(conversation: string, tools: readonly ToolDefinition[], hash: Sha256): string {
  return hash(canonicalize({ conversation, tools }));
}

/** UTF-8 bytes of what a message carries. */
export function messageBytes(message: Message): number {
  const calls = message.role === 'assistant' ? message.toolCalls : [];
  return calls.reduce((sum, call) => sum + utf8Length(textOf(call.arguments)), utf8Length(textOf(message.content)));
}

/** A rough, high estimate of the tokens of a request, messages and tools: three bytes a token. */
export function requestTokens(messages: readonly Message[], tools: readonly ToolDefinition[]): number {
  const bytes = messages.reduce((sum, message) => sum + messageBytes(message), utf8Length(canonicalize(tools)));
  return Math.ceil(bytes / 3);
}
