/** The input of a call as a person edits it. Pure. */
import { ok, type Result } from '../core/kernel/result';
import { parseCallInput } from '../protocol/callInput';

/** The longest text that is edited in a single line. */
const LINE = 150;

/**
 * How an input is best edited: the one text that it holds, such as a command, in a line; another short one as JSON in a
 * line; a longer one as a document.
 */
export type EditForm =
  | { readonly kind: 'member'; readonly name: string; readonly text: string }
  | { readonly kind: 'line' | 'document'; readonly text: string };

/** `input` is the JSON text of a call's input. */
export function editFormOf(input: string): EditForm {
  const parsed = parseCallInput(input);
  // What a model wrote may be no JSON; a person can still make it some.
  if (!parsed.ok) return { kind: 'document', text: input };
  const members = Object.entries(parsed.value);
  const [name, value] = members[0] ?? [];
  const isLine = typeof value === 'string' && value.length <= LINE && !/\p{C}|[\u2028\u2029]/u.test(value);
  if (name !== undefined && isLine && members.length === 1) return { kind: 'member', name, text: value };
  const line = JSON.stringify(parsed.value);
  if (line.length <= LINE) return { kind: 'line', text: line };
  return { kind: 'document', text: `${JSON.stringify(parsed.value, null, 2)}\n` };
}

/** The input as JSON text out of what the person wrote; the error is one line that says what is wrong, and where. */
export function inputOf(form: EditForm, written: string): Result<string, string> {
  if (form.kind === 'member') return ok(JSON.stringify({ [form.name]: written }));
  const parsed = parseCallInput(written);
  return parsed.ok ? ok(JSON.stringify(parsed.value)) : parsed;
}
