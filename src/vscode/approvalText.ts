/** An approval as a document in words: what is asked, by whom, and the exact arguments. Pure. */
import { analyseCommand } from '../core/commands/analyse';
import { type AnyToolInput, parseCall } from '../core/tools/contracts';
import { askedFiles, contextQuestionOf } from '../protocol/contextQuestion';
import { formatBytes } from '../protocol/format';
import { ruleOrigin } from '../protocol/policy';
import { hiddenIn } from '../protocol/visible';
import { askedLine } from './approvalChoices';
import type { PendingApproval } from './approvals';
import { exactLine, exactText, indented } from './exactText';

/** What the record says of an approval besides the question. */
export type AskedBy = {
  readonly task: string;
  readonly tool: string | null;
  /** What of the policy asks; null where a node of the blueprint does. */
  readonly asks: { readonly rule: string; readonly layer: string; readonly reason: string } | null;
};

/** The document as Markdown that also reads well as it is. */
export function approvalText(asked: PendingApproval, { task, tool, asks }: AskedBy): string {
  const about = tool === null ? null : parseCall(tool, asked.detail);
  return [
    `# ${asked.question === true ? 'A question of the model' : 'Waiting for your approval'}`,
    '',
    askedLine(asked, LONG),
    '',
    `- Run: ${exactLine(task)}`,
    ...(tool === null ? [] : [`- Tool: ${exactLine(tool)}`]),
    ...(asks === null
      ? []
      : [
          `- Asked by the rule ${asks.rule}: ${exactLine(asks.reason)}`,
          `- This rule comes from ${exactLine(ruleOrigin(asks.layer))}`,
        ]),
    `- Policy snapshot: ${asked.snapshot}`,
    `- Your answer holds for ${tool === null ? 'exactly this' : 'these arguments'} under this snapshot, and for nothing else.`,
    ...(asked.question === true ? [] : ['', ...hiddenLines(asked.detail), ...exactly(asked, about)]),
    '',
  ].join('\n');
}

const LONG = 2000;

function exactly({ context, detail }: PendingApproval, about: ReturnType<typeof parseCall> | null): string[] {
  if (context === true) return ['## What would be sent', '', ...contextLines(detail)];
  const lines = about?.ok === true ? argumentLines(about.value) : indented(exactText(detail));
  return ['## Exactly this', '', ...lines];
}

/** The files that would be sent, one a line; the text itself where it names none. */
export function contextLines(detail: string): string[] {
  const question = contextQuestionOf(detail);
  if (question === null) return indented(exactText(detail));
  return askedFiles(question).map(
    ({ path, lines, bytes, why }) =>
      `- ${exactLine(path)}, ${lines}, ${formatBytes(bytes)}${why === '' ? '' : `: ${exactLine(why)}`}`,
  );
}

function hiddenLines(detail: string): string[] {
  const hidden = textsIn(detail).reduce((sum, text) => sum + hiddenIn(text), 0);
  if (hidden === 0) return [];
  const what = hidden === 1 ? '1 character that would not be seen' : `${hidden} characters that would not be seen`;
  return [`**Holds ${what}**; each is named in its place, like ⟨U+200B zero-width space⟩.`, ''];
}

/** The texts in arguments: JSON writes control characters as escapes, and they are no less hidden for it. */
function textsIn(detail: string): string[] {
  const texts: string[] = [];
  try {
    JSON.parse(detail, (key, value: unknown) => {
      texts.push(key);
      if (typeof value === 'string') texts.push(value);
      return value;
    });
    return texts;
  } catch {
    return [detail];
  }
}

function argumentLines(call: AnyToolInput): string[] {
  const members = Object.entries(call.input).flatMap(([name, value]) => [
    `${name}:`,
    '',
    ...indented(exactText(typeof value === 'string' ? value : JSON.stringify(value))),
    '',
  ]);
  return call.tool === 'run_command' ? [...members, ...commandLines(call.input.command)] : members;
}

/** The words that the program would get: none of them passes a shell. */
function commandLines(line: string): string[] {
  const analysis = analyseCommand(line, {});
  if (analysis.kind === 'refused') return [`This is not one plain command: ${analysis.why}.`, ''];
  return [
    'As the program and its arguments, without a shell:',
    '',
    ...analysis.argv.map((word, at) => `    ${at}: ${exactLine(word)}`),
    '',
    `Why it is asked about: ${analysis.why}.`,
    '',
  ];
}
