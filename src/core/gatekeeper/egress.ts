/**
 * The one gate to any model: every message is redacted, measured and listed before it may be sent. The result is both
 * what is sent and what is recorded, so that the two cannot differ.
 */
import type { EgressFile, EgressPart, Outgoing } from '../events/parts';
import { textOf } from '../events/payload';
import type { Sha256 } from '../kernel/hash';
import { utf8Length } from '../kernel/utf8';
import type { Gate } from './gate';

/** Redacts messages that are about to leave, in order. */
export type Clear = (messages: readonly Outgoing[]) => Promise<readonly Outgoing[]>;

/** The gate of a live run as messages pass it. */
export const clearThrough =
  (gate: Gate): Clear =>
  async (messages) =>
    messages.map((message) => ({ ...message, content: gate.redact(textOf(message.content)).text }));

/** What is known of a message besides its text. */
export type About = { readonly redactions: Readonly<Record<string, number>>; readonly files: readonly EgressFile[] };

/** The list of what leaves, of messages and the same as they are sent: one entry a message, in order; sizes are UTF-8 bytes of what is sent. */
export function partsOf(
  messages: readonly Outgoing[],
  sent: readonly Outgoing[],
  about: (message: Outgoing, sent: string) => About,
  hash: Sha256,
): EgressPart[] {
  return messages.map((message, at) => {
    const text = textOf(sent[at]?.content ?? '');
    const source = message.role === 'tool' ? `tool result ${message.call}` : `${message.role} message`;
    const { redactions, files } = about(message, text);
    const part = { source, bytes: utf8Length(text), sha256: hash(text), redactions: { ...redactions } };
    return files.length === 0 ? part : { ...part, files: [...files] };
  });
}

const PLACEHOLDER = /«[a-z0-9-]+(?::\d+)?»/;

/** True when one text may be the other with secrets replaced by placeholders: whatever stands between them is the same. */
export function couldBeRedactionOf(redacted: string, original: string): boolean {
  const literals = redacted.split(PLACEHOLDER);
  const [first = '', ...others] = literals;
  if (others.length === 0) return redacted === original;
  const last = others.pop() ?? '';
  if (!original.startsWith(first)) return false;
  let at = first.length;
  for (const literal of others) {
    const found = original.indexOf(literal, at);
    if (found < 0) return false;
    at = found + literal.length;
  }
  return original.length - last.length >= at && original.endsWith(last);
}
