/**
 * Shortening a conversation that has outgrown its window, by one fixed rule, so that a replay does the same:
 *
 * From the oldest on, each result of a call that is longer than LONGEST characters becomes its first KEPT characters and a
 * line that says how much is missing, until the request is small enough. Results of the last two turns stay as they are, and
 * so does everything else: the rules, the task, what the model wrote and the arguments of its calls. A result that was
 * shortened is never shortened again.
 *
 * What a provider had given to be kept with later messages goes, too: it is bound to what stood before it, and a provider
 * refuses it where that is another.
 */
import type { Message } from '../events/parts';
import { textOf } from '../events/payload';
import type { DataOf } from '../events/schema';
import { cut } from '../kernel/text';
import { utf8Length } from '../kernel/utf8';
import { shortenedNote } from '../prompt/notes';
import { totalBytes } from './conversation';
import type { Visit } from './state';

/** Characters up to which a result is left as it is. */
const LONGEST = 400;
/** Characters that are kept of a longer one. */
const KEPT = 200;
/** The last turns, whose results are not touched. */
const LAST_TURNS = 2;

export type Shortened = {
  readonly sent: readonly Message[];
  /** UTF-8 bytes of what the messages carry, before and after. */
  readonly before: number;
  readonly after: number;
  /** What was shortened, in order: calls by the ids that the record has of them, and bytes of their results. */
  readonly calls: DataOf<'conversation.shortened'>['calls'];
};

/** The messages of a visit, shortened by the rule until `isEnough` says so of their bytes, or nothing is left to shorten. */
export function shorten(
  sent: readonly Message[],
  visit: Pick<Visit, 'id' | 'attempt'>,
  isEnough: (bytes: number) => boolean,
): Shortened {
  const before = totalBytes(sent);
  const calls: Shortened['calls'] = [];
  const messages = [...sent];
  let bytes = before;
  let turn = 0;
  let replied: readonly { readonly id: string }[] = [];
  for (const [at, message] of sent.slice(0, oldUntil(sent)).entries()) {
    if (isEnough(bytes)) break;
    if (message.role === 'assistant') {
      turn += 1;
      replied = message.toolCalls;
    }
    if (message.role !== 'tool') continue;
    const text = textOf(message.content);
    if (text.length <= LONGEST) continue;
    const content = shortText(text);
    const sizes = { before: utf8Length(text), after: utf8Length(content) };
    // Every turn leaves exactly one message of the model, and the record counts its calls by turn and place.
    const place = replied.findIndex(({ id }) => id === message.call) + 1;
    calls.push({ call: `${visit.id}.${visit.attempt}.${turn}.${place}`, ...sizes });
    messages[at] = { ...message, content };
    bytes += sizes.after - sizes.before;
  }
  const first = messages.findIndex((message, at) => message !== sent[at]);
  const unbound = messages.map((message, at) => (first >= 0 && at > first ? withoutKept(message) : message));
  return { sent: unbound, before, after: totalBytes(unbound), calls };
}

function withoutKept(message: Message): Message {
  if (message.role !== 'assistant' || message.kept === undefined) return message;
  const { kept: _kept, ...rest } = message;
  return rest;
}

/** The place of the message with which the last turns begin that are left alone. */
function oldUntil(sent: readonly Message[]): number {
  const replies = sent.flatMap(({ role }, at) => (role === 'assistant' ? [at] : []));
  return replies.at(-LAST_TURNS) ?? 0;
}

function shortText(text: string): string {
  const kept = cut(text, KEPT);
  return `${kept}\n${shortenedNote(text.length - kept.length)}`;
}
