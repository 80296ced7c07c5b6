/**
 * The one gate to any model: every message is redacted, measured and listed before it may be sent. The result is both
 * what is sent and what is recorded, so that the two cannot differ.
 */
import type { EgressPart, Outgoing } from '../events/parts';
import { textOf } from '../events/payload';
import type { Sha256 } from '../kernel/hash';
import { utf8Length } from '../kernel/utf8';
import { redact } from './redact';

export type Cleared = { readonly messages: Outgoing[]; readonly parts: EgressPart[] };

/** Clears messages for sending. `parts` has one entry a message, in order; sizes are UTF-8 bytes of what is sent. */
export function clearForEgress(messages: readonly Outgoing[], hash: Sha256): Cleared {
  const cleared = messages.map((message) => clear(message, hash));
  return {
    messages: cleared.map(({ message }) => message),
    parts: cleared.map(({ part }) => part),
  };
}

function clear(message: Outgoing, hash: Sha256): { message: Outgoing; part: EgressPart } {
  const { text, counts } = redact(textOf(message.content));
  const source = message.role === 'tool' ? `tool result ${message.call}` : `${message.role} message`;
  const part = { source, bytes: utf8Length(text), sha256: hash(text), redactions: { ...counts } };
  return { message: { ...message, content: text }, part };
}
