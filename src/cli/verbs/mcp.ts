import packageJson from '../../../package.json';
import { oneLine } from '../../core/kernel/text';
import { createGit } from '../../node/git/git';
import { pinFile } from '../../node/mcp/pinFile';
import { type ReviewedServer, reviewServers } from '../../node/mcp/reviewServers';
import { openRepository } from '../../node/workspace/repository';
import { askAboutMcp } from '../askAboutMcp';
import { mcpFiles, workspaceOf } from '../compose';
import { EXIT } from '../exit';
import { parseFlags } from '../flags';
import { print } from '../output';
import { processTerminal } from '../terminal';

/** `mcp`: the declared MCP servers and their tools; at a terminal it asks about what nobody has agreed to yet. */
export async function mcp(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'mcp', 0);
  const { root } = await openRepository(workspaceOf(flags), createGit({ environment: process.env }));
  const { servers, pins } = mcpFiles();
  const reviewed = await reviewServers({
    root,
    userFile: servers,
    pins: pinFile(pins),
    ask: askAboutMcp('ask', processTerminal()),
    environment: process.env,
    version: packageJson.version,
  });
  print(flags, reviewed, (all) => (all.length === 0 ? 'no MCP server is declared' : all.map(textOf).join('\n')));
  return reviewed.every(({ problem }) => problem === null) ? EXIT.ok : EXIT.failed;
}

function textOf({ id, source, command, tools, problem }: ReviewedServer): string {
  const head = `${id}: ${JSON.stringify(command)} (${source})`;
  if (problem !== null) return `${head}\n  ${problem}`;
  return [head, ...tools.map(({ name, description }) => `  ${name}: ${oneLine(description, 120)}`)].join('\n');
}
