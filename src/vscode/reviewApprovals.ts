/** Everything that waits for the person in this window, one after another: what exactly, and what to answer. */
import * as vscode from 'vscode';
import { answerApproval } from './answerApproval';
import { askedLine, type Choice, choicesOf } from './approvalChoices';
import { showApproval } from './approvalDocument';
import type { Approvals, PendingApproval } from './approvals';
import type { Documents } from './documents';
import { labelText } from './exactText';
import { info } from './messages';
import type { Runs } from './runs';

export type Reviewing = { readonly runs: Runs; readonly approvals: Approvals; readonly documents: Documents };

/** Goes through what waits, beginning with `first` where one is named, until nothing does or the person stops. */
export async function reviewApprovals(reviewing: Reviewing, first?: PendingApproval): Promise<void> {
  const { approvals } = reviewing;
  let next = first !== undefined && approvals.isPending(first) ? first : await choose(reviewing);
  while (next !== undefined) {
    if (!(await review(next, reviewing))) return;
    next = approvals.pending().length === 0 ? undefined : await choose(reviewing);
  }
}

/** Which of several; the one that there is needs no question. */
async function choose({ runs, approvals }: Reviewing): Promise<PendingApproval | undefined> {
  const pending = approvals.pending();
  const [first] = pending;
  if (first === undefined) {
    void info('OpenExec: nothing waits for an approval in this window.');
    return undefined;
  }
  if (pending.length === 1) return first;
  const items = await Promise.all(
    pending.map(async (asked) => ({
      label: `$(${asked.question === true ? 'comment' : 'question'}) ${labelText(askedLine(asked, LABEL))}`,
      detail: labelText((await runs.summary(asked.runId)).task),
      asked,
    })),
  );
  const picked = await vscode.window.showQuickPick(items, {
    title: `Pending Approvals (${pending.length})`,
    placeHolder: 'Which one? You see exactly what is asked before you answer.',
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  return picked?.asked;
}

const LABEL = 120;

/** Shows one and asks for the answer; false when the person puts it away. */
async function review(asked: PendingApproval, reviewing: Reviewing): Promise<boolean> {
  await showApproval(asked, reviewing.runs, reviewing.documents);
  for (;;) {
    const choice = await pickChoice(asked, reviewing.approvals);
    if (choice === 'gone') return true;
    if (choice === undefined) return false;
    if (choice === 'timeline') {
      await vscode.commands.executeCommand('openexec.openTimeline', asked.runId);
      return false;
    }
    if ((await answerApproval(asked, choice, reviewing.approvals)) !== 'open') return true;
  }
}

type Item = vscode.QuickPickItem & { readonly choice: Choice | 'timeline' };

/** Undefined when it is put away; `gone` as soon as somebody else answered. */
function pickChoice(asked: PendingApproval, approvals: Approvals): Promise<Item['choice'] | 'gone' | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = askedLine(asked, LABEL);
  pick.placeholder = 'What is asked is open in the editor. Your answer?';
  // The person looks at the arguments meanwhile.
  pick.ignoreFocusOut = true;
  pick.items = [
    ...choicesOf(asked).map(({ choice, label, detail }) => ({ choice, label, detail })),
    { choice: 'timeline', label: 'Show in Timeline', detail: 'Answer it there, or later' },
  ];
  return new Promise((resolve) => {
    const watching = approvals.onDidChange(() => {
      if (approvals.isPending(asked)) return;
      resolve('gone');
      pick.hide();
    });
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.choice);
      pick.hide();
    });
    pick.onDidHide(() => {
      watching.dispose();
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
