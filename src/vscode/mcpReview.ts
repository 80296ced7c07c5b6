/** MCP servers before a person: what would be started, and how its tools describe themselves, word for word. */
import { type AskAboutMcp, type McpReview, reviewText, reviewTitle } from '../core/mcp/review';
import { formatCount } from '../protocol/format';
import type { Documents } from './documents';
import { exactLine, exactText, indented } from './exactText';
import { warn } from './messages';
import type { ReviewedMcpServer } from './runs';

const AGREE = 'Agree';
const DECLINE = 'Decline';

/** Asks in a notification, with everything that is agreed to open in the editor; whoever puts it away has not agreed. */
export const askAboutMcp =
  (documents: Documents): AskAboutMcp =>
  async (review) => {
    const title = exactLine(reviewTitle(review));
    await documents.show('mcp', `${review.server.id}.md`, documentOf(review, title), { preserveFocus: true });
    const picked = await warn(`OpenExec: ${title}`, AGREE, DECLINE);
    return picked === AGREE ? 'agreed' : 'declined';
  };

const documentOf = (review: McpReview, title: string): string =>
  [`# ${title}`, '', ...indented(exactText(reviewText(review))), ''].join('\n');

/** What there is and whether it may be used, in words. */
export function serversText(servers: readonly ReviewedMcpServer[]): string {
  if (servers.length === 0) return '# MCP servers\n\nNone is declared. Declare one in .openexec/mcp.yaml.\n';
  return [
    '# MCP servers',
    ...servers.flatMap(({ id, source, command, tools, problem }) => [
      '',
      `## ${exactLine(id)} (${exactLine(source)})`,
      '',
      ...indented(exactLine(JSON.stringify(command))),
      '',
      problem === null ? `Agreed to, with ${formatCount(tools.length, 'tool')}:` : `Not used: ${exactLine(problem)}`,
      '',
      ...tools.map(({ name, description }) => `- ${exactLine(name)}: ${exactLine(description)}`),
    ]),
    '',
  ].join('\n');
}
