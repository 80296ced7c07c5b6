/** An approval as a notification that nobody has to answer there: it is in the tree and in the timeline as well. */
import * as vscode from 'vscode';
import { answerApproval } from './answerApproval';
import { askedSentence, choicesOf, type NamedChoice } from './approvalChoices';
import type { Approvals, PendingApproval } from './approvals';
import { info } from './messages';

const MORE = 'More…';
const SHOW = 'Show in Timeline';
/** More buttons than these make a notification that nobody reads. */
const BUTTONS = 3;

/**
 * Asks until there is an answer, or the person puts the question away. The notification stays when the question was
 * answered in the timeline, for VS Code lets nobody take it back.
 */
export async function askApproval(asked: PendingApproval, more: string, approvals: Approvals): Promise<void> {
  const buttons = buttonsOf(asked);
  const ways = [...buttons.map(({ label }) => label), ...(hasMore(asked) ? [MORE] : []), SHOW];
  const text = `${askedSentence(asked)}${more}`;
  for (;;) {
    const picked = await info(text, ...ways);
    if (picked === undefined) return;
    if (picked === SHOW) {
      await vscode.commands.executeCommand('openexec.openTimeline', asked.runId);
      return;
    }
    if (picked === MORE) {
      await vscode.commands.executeCommand('openexec.reviewApprovals', asked);
      return;
    }
    const chosen = buttons.find(({ label }) => label === picked);
    if (chosen === undefined || (await answerApproval(asked, chosen.choice, approvals)) !== 'open') return;
  }
}

const hasMore = (asked: PendingApproval): boolean => choicesOf(asked).length > BUTTONS;

/** All choices when they are few; else the two that need nothing further. */
function buttonsOf(asked: PendingApproval): NamedChoice[] {
  const all = choicesOf(asked);
  return hasMore(asked) ? all.filter(({ choice }) => choice === 'once' || choice === 'deny') : all;
}
