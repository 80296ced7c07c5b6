/** Answering an approval: what a choice still needs of the person, and the answer that comes of it. */
import * as vscode from 'vscode';
import { assertNever } from '../core/kernel/assertNever';
import { MAX_REASON } from '../protocol/messages';
import { askedLine, type Choice } from './approvalChoices';
import type { ApprovalAnswer, Approvals, PendingApproval } from './approvals';
import { chooseFiles } from './chooseFiles';
import { editInput } from './editInput';
import { info } from './messages';

/** The longest line above an input. */
const TITLE = 80;

/**
 * Answers a pending approval as the person chose; `open` when they backed out of what the choice still needs, and `gone`,
 * which is then said, when nobody asks any more.
 */
export async function answerApproval(
  asked: PendingApproval,
  choice: Choice,
  approvals: Approvals,
): Promise<'answered' | 'open' | 'gone'> {
  const answer = approvals.isPending(asked) ? await answerOf(choice, asked) : null;
  if (answer !== null && approvals.resolve(asked.runId, asked.approval, answer)) return 'answered';
  // Whoever backs out of a reason or of an edit still has the question before them.
  if (approvals.isPending(asked)) return 'open';
  void info('OpenExec: this approval was answered before, or its run has ended.');
  return 'gone';
}

async function answerOf(choice: Choice, asked: PendingApproval): Promise<ApprovalAnswer | null> {
  switch (choice) {
    case 'once':
      return { verdict: 'approved', reason: '' };
    case 'run':
      return { verdict: 'approved', reason: '', scope: 'run' };
    case 'deny':
      return { verdict: 'rejected', reason: '' };
    case 'reason': {
      const verb = asked.tool === undefined ? 'Reject' : 'Deny';
      const reason = await write(`${verb}: ${askedLine(asked, TITLE)}`, REASON, false);
      return reason === undefined ? null : { verdict: 'rejected', reason };
    }
    case 'edit': {
      const edited = await editInput(asked);
      return edited === undefined ? null : { verdict: 'approved', reason: '', edited };
    }
    case 'files': {
      const leftOut = await chooseFiles(asked);
      if (leftOut === undefined) return null;
      return { verdict: 'approved', reason: '', ...(leftOut.length === 0 ? {} : { leftOut }) };
    }
    case 'answer': {
      const reason = await write(askedLine(asked), ANSWER, true);
      return reason === undefined ? null : { verdict: 'approved', reason };
    }
    default:
      return assertNever(choice);
  }
}

const REASON = 'Why? The reason is recorded, and an agent is told. It may be left empty.';
const ANSWER =
  'Your answer, word for word for the model. It is recorded and leaves this machine with the conversation.';

/** Undefined when the person backs out. */
async function write(title: string, prompt: string, required: boolean): Promise<string | undefined> {
  const written = await vscode.window.showInputBox({
    ...{ title, prompt, ignoreFocusOut: true },
    validateInput: (text) => {
      if (text.length > MAX_REASON) return `Longer than ${MAX_REASON} characters.`;
      return required && text.trim() === '' ? 'Write an answer, or press Escape.' : null;
    },
  });
  return written?.trim();
}
