/** Agreement about MCP servers at a terminal: nothing on the command line gives it beforehand, and no repository can. */
import { type AskAboutMcp, reviewText, reviewTitle } from '../core/mcp/review';
import type { ApprovalMode } from './approver';
import type { Terminal } from './terminal';
import { visible } from './visible';

/** Asks at the terminal, unless there is none or `--approve never` was given. */
export function askAboutMcp(mode: ApprovalMode, terminal: Terminal): AskAboutMcp {
  return async (review) => {
    if (mode === 'never' || !terminal.present) return 'nobody';
    terminal.say(`\n${visible(reviewTitle(review))}\n${visible(reviewText(review))}`);
    const answer = await terminal.question('Agree? Type "yes" to agree, anything else not to: ');
    return answer?.trim().toLowerCase() === 'yes' ? 'agreed' : 'declined';
  };
}
