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

/** The tools that a model is offered, with their canonical text: they are the same in every request of a run. */
export type Offer = { readonly tools: readonly ToolDefinition[]; readonly text: string; readonly bytes: number };

export function offer(tools: readonly ToolDefinition[]): Offer {
  const text = canonicalize(tools);
  return { tools, text, bytes: utf8Length(text) };
}

/** The key of a request: everything that the model sees. Neither model nor provider is part of it. */
export function signatureOf(conversation: string, { text }: Offer, hash: Sha256): string {
  // The canonical text of { conversation, tools }.
  return hash(`{"conversation":${canonicalize(conversation)},"tools":${text}}`);
}

/** UTF-8 bytes of what a message carries. */
export function messageBytes(message: Message): number {
  const content = utf8Length(textOf(message.content));
  if (message.role !== 'assistant') return content;
  const kept = message.kept === undefined ? 0 : utf8Length(textOf(message.kept));
  return message.toolCalls.reduce((sum, call) => sum + utf8Length(textOf(call.arguments)), content + kept);
}

/** UTF-8 bytes of what some messages carry. */
export const totalBytes = (messages: readonly Message[]): number =>
  messages.reduce((sum, message) => sum + messageBytes(message), 0);

/** A rough, high estimate of the tokens of a request, by the bytes of its messages and its tools: three bytes a token. */
export const requestTokens = (bytes: number, tools: Offer): number => Math.ceil((bytes + tools.bytes) / 3);
