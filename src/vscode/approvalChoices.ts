/** What a person can answer to an approval, and how each answer is named. Pure. */
import { askedFiles, contextQuestionOf, STOP_LABEL, sendLabel } from '../protocol/contextQuestion';
import { formatBytes, formatCount, oneLine } from '../protocol/format';
import type { PendingApproval } from './approvals';
import { exactLine, labelText } from './exactText';

export type Choice = 'once' | 'run' | 'deny' | 'reason' | 'edit' | 'answer' | 'files';

export type NamedChoice = { readonly choice: Choice; readonly label: string; readonly detail: string };

const NOT_DONE = 'Nothing of it is done';

/** The choices in the order in which they are shown; a question of the model is never answered by a bare yes. */
export function choicesOf(asked: PendingApproval): NamedChoice[] {
  const { question, context, repeatable, editable, tool } = asked;
  if (context === true) return contextChoices(asked);
  if (question === true) {
    return [
      { choice: 'answer', label: 'Answer…', detail: 'The model is told what you write, word for word' },
      { choice: 'deny', label: 'Decline', detail: 'The model is told that there is no answer' },
    ];
  }
  const edit: NamedChoice = {
    choice: 'edit',
    label: 'Edit…',
    detail: 'Other arguments in place of these; the policy decides on them anew',
  };
  const edited = editable ? [edit] : [];
  if (tool === undefined) {
    const ofRun = isOverRun(asked);
    const yes = ofRun ? 'The run goes on' : 'Exactly what is shown, and nothing else';
    const no = ofRun ? 'The run stops before anything more is sent' : NOT_DONE;
    return [
      { choice: 'once', label: 'Approve', detail: yes },
      { choice: 'reason', label: 'Reject', detail: `${no}; your reason is recorded` },
      ...edited,
    ];
  }
  const run: NamedChoice = {
    choice: 'run',
    label: 'Allow in This Run',
    detail: 'This very call, word for word, is not asked about again in this run',
  };
  return [
    { choice: 'once', label: 'Allow Once', detail: 'Exactly these arguments, under the policy of this run' },
    ...(repeatable === true ? [run] : []),
    { choice: 'deny', label: 'Deny', detail: NOT_DONE },
    { choice: 'reason', label: 'Deny with Reason…', detail: `${NOT_DONE}; the model is told why` },
    ...edited,
  ];
}

/** What would be sent: all of it, some of it, or nothing. What cannot be shown is not sent. */
function contextChoices({ detail }: PendingApproval): NamedChoice[] {
  const question = contextQuestionOf(detail);
  const stop: NamedChoice = {
    choice: 'deny',
    label: STOP_LABEL,
    detail: 'The run ends here; nothing of the repository leaves this machine',
  };
  if (question === null) return [stop];
  const files = askedFiles(question).length;
  const send: NamedChoice = {
    choice: 'once',
    label: sendLabel(files),
    detail: `${formatBytes(question.bytes)} to ${labelText(question.destination)}`,
  };
  const some: NamedChoice = {
    choice: 'files',
    label: 'Leave Files Out…',
    detail: 'What you leave out is not sent, and not shown to the run later either',
  };
  return files === 0 ? [send, stop] : [send, some, stop];
}

/** True for what the gatekeeper asks over the whole run: its plan, or that it has met sensitive data. */
const isOverRun = ({ approval }: PendingApproval): boolean => approval === 'plan' || approval === 'sensitive';

/** What is asked, as one line that shows every character as what it is. */
export function askedLine({ title, context, detail }: PendingApproval, limit = 200): string {
  const question = context === true ? contextQuestionOf(detail) : null;
  if (question === null) return oneLine(exactLine(title), limit);
  const files = formatCount(askedFiles(question).length, 'file');
  return oneLine(exactLine(`Send ${files} (${formatBytes(question.bytes)}) to ${question.destination}?`), limit);
}

/** What is asked, in the words of a notification. */
export function askedSentence(asked: PendingApproval): string {
  const line = askedLine(asked);
  if (asked.question === true) return `OpenExec waits for your answer: ${line}`;
  // What asks over the run is a sentence of its own, or two.
  const sentence = asked.context === true || isOverRun(asked) ? line : `${line.replace(/\.$/, '')}.`;
  return `OpenExec waits for your approval: ${sentence}`;
}
