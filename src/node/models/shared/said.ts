/**
 * Who a request is made to, and what of a stranger's words may be shown.
 *
 * Invariant: text that came from a server is shortened to one line and cleared of what is secret before it is used.
 */
import type { Server } from './server';

/** What faults are told about. */
export type Target = {
  readonly server: Server;
  readonly model: string;
  readonly key: string | undefined;
  /** What must not appear: the key, and the values of the headers that were set. */
  readonly secrets: readonly string[];
  /** What a stream of the protocol is called, for people: `a chat completion stream`. */
  readonly stream: string;
  /** How the key is set; ends a sentence. */
  readonly setKey: string;
};

const LONGEST = 200;

/** A server's words in one short line without a secret. */
export function serverText(text: string, { secrets }: Pick<Target, 'secrets'>): string {
  // The longest first, so that nothing is left of one that holds another.
  const all = secrets.filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
  const clean = all.reduce((said, secret) => said.replaceAll(secret, '[secret]'), text);
  const line = clean.replace(/\s+/g, ' ').trim();
  if (line === '') return 'no reason given';
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
