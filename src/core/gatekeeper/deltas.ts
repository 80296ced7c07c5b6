/** What of a reply may be shown while it comes in: whole lines without secrets, never the beginning of one. */
import type { Gate } from './gate';

type Delta = { readonly text: string };

/** A private key is no longer. */
const LONGEST = 24_576;
/** As much is seen before a line, for what a secret is called stands before it. */
const CONTEXT = 512;

/**
 * Takes a reply in pieces and shows its lines as they are complete; those of a private key only when it is over. What is
 * left at the end is not shown: the reply itself follows.
 */
export function shownThrough(gate: Pick<Gate, 'redactLines'>, show: (delta: Delta) => void): (delta: Delta) => void {
  let before = '';
  let held = '';
  return ({ text }) => {
    held += text;
    const lines = complete(held);
    if (lines === '') return;
    held = held.slice(lines.length);
    const redacted = gate.redactLines(before + lines).text.split('\n');
    show({ text: redacted.slice(before.split('\n').length - 1).join('\n') });
    before = lastLines(before + lines);
  };
}

/** The whole lines of a text, without those of a private key whose end is still to come. */
function complete(held: string): string {
  const lines = held.slice(0, held.lastIndexOf('\n') + 1);
  const begin = lines.lastIndexOf('-----BEGIN ');
  const isInKey = begin > lines.lastIndexOf('-----END ') && lines.length - begin < LONGEST;
  return isInKey ? lines.slice(0, lines.lastIndexOf('\n', begin) + 1) : lines;
}

/** The end of a text, from where a line begins. */
const lastLines = (text: string): string => {
  const end = text.slice(-CONTEXT);
  return end.length === text.length ? end : end.slice(end.indexOf('\n') + 1);
};
