/** Approvals on the command line: given beforehand, asked for at a terminal, or not to be had. */
import type { ApprovalRequest, ApprovalVerdict, Approver } from '../core/ports/approver';
import { editInput } from './editInput';
import type { Terminal } from './terminal';
import { visible } from './visible';

export type ApprovalMode = 'ask' | 'never' | 'all';

/**
 * `all` approves everything and says so in the record; `ask` needs a terminal; `never` leaves it to a person later.
 * `editor` is the person's, as in $EDITOR.
 */
export function cliApprover(mode: ApprovalMode, terminal: Terminal, editor: string | undefined): Approver {
  return {
    ask: async (request, signal) => {
      if (mode === 'all')
        return { kind: 'resolved', verdict: 'approved', by: 'command line (--approve all)', reason: '' };
      if (mode === 'never') return unavailable('an approval is needed and --approve never was given');
      if (!terminal.present) return unavailable('an approval is needed and there is no terminal to ask at');
      terminal.say(`\n${visible(request.title)}\n${visible(request.detail)}`);
      return ask(request, { terminal, editor, signal });
    },
  };
}

const unavailable = (reason: string): ApprovalVerdict => ({ kind: 'unavailable', reason });

type Asking = { readonly terminal: Terminal; readonly editor: string | undefined; readonly signal: AbortSignal };

/** Asks until there is an answer: an edit that cannot be used leads back to the question. */
async function ask(
  { detail, editable }: ApprovalRequest,
  { terminal, editor, signal }: Asking,
): Promise<ApprovalVerdict> {
  const ways = editable ? '"yes" to approve, "e" to edit the arguments' : '"yes" to approve';
  for (;;) {
    const answer = await terminal.question(`Approve? Type ${ways}, anything else to reject: `, signal);
    if (answer === null) break;
    const word = answer.trim().toLowerCase();
    if (word === 'yes') return { kind: 'resolved', verdict: 'approved', by: 'terminal', reason: '' };
    if (!editable || (word !== 'e' && word !== 'edit')) {
      const reason = await terminal.question(
        'Why not? The reason is recorded, and an agent is told (may be empty): ',
        signal,
      );
      if (reason === null) break;
      return { kind: 'resolved', verdict: 'rejected', by: 'terminal', reason: reason.trim() };
    }
    const edited = await editInput(detail, editor, terminal, signal);
    if (edited.ok) return { kind: 'resolved', verdict: 'approved', by: 'terminal', reason: '', edited: edited.value };
    terminal.say(visible(edited.error));
  }
  return unavailable('the question was not answered');
}
