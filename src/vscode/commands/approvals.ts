import { OpenExecError } from '../../core/kernel/errors';
import { answerApproval } from '../answerApproval';
import { type Choice, choicesOf } from '../approvalChoices';
import type { Approvals, PendingApproval } from '../approvals';
import { reviewApprovals } from '../reviewApprovals';
import type { Command } from './context';

/** "Review Pending Approvals": everything that waits, with its exact arguments; called on one, that one first. */
export const reviewPending: Command = (context, asked) =>
  reviewApprovals(context, asked === undefined ? undefined : pendingOf(asked, context.approvals));

/** The command that answers an approval in one way. */
const answering =
  (choice: Choice): Command =>
  async ({ approvals }, arg) => {
    const asked = pendingOf(arg, approvals);
    // The menus offer only what fits; another extension may call with anything.
    if (!choicesOf(asked).some((offered) => offered.choice === choice)) {
      throw new OpenExecError(
        'usage',
        'This approval cannot be answered so. Review it, and choose one of its answers.',
      );
    }
    await answerApproval(asked, choice, approvals);
  };

export const allowOnce = answering('once');
export const allowInRun = answering('run');
export const deny = answering('deny');
export const denyWithReason = answering('reason');
/** The same two in the words of a question that no call asks. */
export const approve = answering('once');
export const reject = answering('reason');
/** The same in the words of what is sent. */
export const sendContext = answering('once');
export const sendSome = answering('files');
export const sendNothing = answering('deny');
export const editApproval = answering('edit');
export const answerQuestion = answering('answer');

/** The pending approval that a command was called on: an item of the tree, or what another command hands over. */
function pendingOf(arg: unknown, approvals: Approvals): PendingApproval {
  const named = typeof arg === 'object' && arg !== null && 'runId' in arg && 'approval' in arg ? arg : null;
  const found = approvals
    .pending()
    .find(({ runId, approval }) => runId === named?.runId && approval === named.approval);
  if (found !== undefined) return found;
  throw new OpenExecError('usage', 'This approval was answered before, or its run has ended.');
}
