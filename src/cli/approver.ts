/** Approvals on the command line: given beforehand, asked for at a terminal, or not to be had. */
import { createInterface } from 'node:readline/promises';
import type { ApprovalVerdict, Approver } from '../core/ports/approver';
import { visible } from './visible';

export type ApprovalMode = 'ask' | 'never' | 'all';

/** `all` approves everything and says so in the record; `ask` needs a terminal; `never` leaves it to a person later. */
export function cliApprover(mode: ApprovalMode): Approver {
  return {
    ask: async (request, signal) => {
      if (mode === 'all')
        return { kind: 'resolved', verdict: 'approved', by: 'command line (--approve all)', reason: '' };
      if (mode === 'never') return unavailable('an approval is needed and --approve never was given');
      if (!process.stdin.isTTY) return unavailable('an approval is needed and there is no terminal to ask at');
      process.stderr.write(`\n${visible(request.title)}\n${visible(request.detail)}\n`);
      return ask(signal);
    },
  };
}

const unavailable = (reason: string): ApprovalVerdict => ({ kind: 'unavailable', reason });

async function ask(signal: AbortSignal): Promise<ApprovalVerdict> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Approve? Type "yes" to approve, anything else to reject: ', { signal });
    const approved = answer.trim().toLowerCase() === 'yes';
    return { kind: 'resolved', verdict: approved ? 'approved' : 'rejected', by: 'terminal', reason: '' };
  } catch {
    return unavailable('the question was not answered');
  } finally {
    terminal.close();
  }
}
