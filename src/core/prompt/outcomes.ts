/** What a model is told of a call that was not made, or whose result no tool has told. */
import { oneLine } from '../kernel/text';

/** Of a call that the policy or the gatekeeper's plan denies. `instead` says what to do where a command line is no plain command. */
export function deniedText(
  { rule, reason }: { readonly rule: string; readonly reason: string },
  instead: boolean,
): string {
  const text = `Denied by the policy rule ${rule}: ${reason}`;
  if (!instead) return text;
  return `${text}${/[.!?]$/.test(reason) ? '' : '.'} Run one program with its arguments, or use the tools for files.`;
}

/** Of a call whose arguments are not JSON. */
export function malformedText(
  tool: string,
  { line, column, what }: { readonly line: number; readonly column: number; readonly what: string },
): string {
  const where = `line ${line}, column ${column}: ${what}`;
  return `the call was not made: the arguments of ${oneLine(tool)} are not JSON (${where}); write it again as JSON`;
}

/** Of a call that would write a placeholder over what it stands for. */
export const PLACEHOLDER_TEXT = 'the content holds a redacted placeholder, which must not overwrite the original';

/** Of a call that a person changed: what was made of it is another call. */
export const changedText = (call: string): string => `a person changed the arguments; see call ${call}`;

const because = (reason: string): string => (reason === '' ? '' : `: ${reason}`);

/** Of a call that a person rejected. */
export const rejectedText = (reason: string): string => `A person rejected this call${because(reason)}`;

/** Of a question that a person did not answer. */
export const unansweredText = (reason: string): string => `The person did not answer${because(reason)}`;

/** Of a question: the person's answer. */
export const answerText = (answer: string): string => (answer === '' ? '(the person gave an empty answer)' : answer);

/** Of the calls of one reply that are too many. */
export const tooManyText = (made: number): string => `Not done: at most ${made} calls of one reply are made.`;

/** Of a call during which the run broke off. */
export const BROKE_OFF_TEXT =
  'The run broke off during this call. It is not known how far it came; files of the repository were set back to what they were before it.';
