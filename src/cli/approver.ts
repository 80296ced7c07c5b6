/** Approvals on the command line: given beforehand, asked for at a terminal, or not to be had. */
import type { ApprovalRequest, ApprovalVerdict, Approver } from '../core/ports/approver';
import { editInput } from './editInput';
import type { Terminal } from './terminal';
import { visible } from './visible';

export type ApprovalMode = 'ask' | 'never' | 'all';

/**
 * `all` approves everything and says so in the record; `ask` needs a terminal; `never` leaves it to a person later. What
 * the model asks a person is answered by a person or by nobody. `editor` is the person's, as in $EDITOR.
 */
export function cliApprover(mode: ApprovalMode, terminal: Terminal, editor: string | undefined): Approver {
  return {
    ask: async (request, signal) => {
      if (mode === 'all' && request.question === true)
        return unavailable('the model asks a person something, and --approve all is no answer to it');
      if (mode === 'all')
        return { kind: 'resolved', verdict: 'approved', by: 'command line (--approve all)', reason: '' };
      if (mode === 'never') return unavailable('an approval is needed and --approve never was given');
      if (!terminal.present) return unavailable('an approval is needed and there is no terminal to ask at');
      const asking = { terminal, editor, signal };
      if (request.question === true) {
        terminal.say(`\nThe model asks:\n${visible(request.title).replace(/^/gm, '  | ')}`);
        return answer(asking);
      }
      terminal.say(`\n${visible(request.title)}\n${visible(request.detail)}`);
      return ask(request, asking);
    },
  };
}

const unavailable = (reason: string): ApprovalVerdict => ({ kind: 'unavailable', reason });

type Asking = { readonly terminal: Terminal; readonly editor: string | undefined; readonly signal: AbortSignal };

/** The answer to a question of the model, in one line. */
async function answer({ terminal, signal }: Asking): Promise<ApprovalVerdict> {
  const said = await terminal.question('Your answer, which is recorded (empty: leave it unanswered): ', signal);
  if (said === null) return unavailable('the question was not answered');
  const reason = said.trim();
  return reason === '' ? reject({ terminal, signal }) : approved({ reason });
}

const approved = (more: { readonly reason?: string; readonly edited?: string; readonly scope?: 'run' }) =>
  ({ kind: 'resolved', verdict: 'approved', by: 'terminal', reason: '', ...more }) as const;

async function reject({ terminal, signal }: Pick<Asking, 'terminal' | 'signal'>): Promise<ApprovalVerdict> {
  const reason = await terminal.question(
    'Why not? The reason is recorded, and an agent is told (may be empty): ',
    signal,
  );
  if (reason === null) return unavailable('the question was not answered');
  return { kind: 'resolved', verdict: 'rejected', by: 'terminal', reason: reason.trim() };
}

/** Asks until there is an answer: an edit that cannot be used leads back to the question. */
async function ask(
  { detail, editable, repeatable = false }: ApprovalRequest,
  { terminal, editor, signal }: Asking,
): Promise<ApprovalVerdict> {
  const ways = [
    '"yes" to approve',
    ...(repeatable ? ['"run" to approve exactly this call for the whole run'] : []),
    ...(editable ? ['"e" to edit the arguments'] : []),
  ].join(', ');
  for (;;) {
    const said = await terminal.question(`Approve? Type ${ways}, anything else to reject: `, signal);
    if (said === null) return unavailable('the question was not answered');
    const word = said.trim().toLowerCase();
    if (word === 'yes') return approved({});
    if (repeatable && word === 'run') return approved({ scope: 'run' });
    if (!editable || (word !== 'e' && word !== 'edit')) return reject({ terminal, signal });
    const edited = await editInput(detail, editor, terminal, signal);
    if (edited.ok) return approved({ edited: edited.value });
    terminal.say(visible(edited.error));
  }
}
