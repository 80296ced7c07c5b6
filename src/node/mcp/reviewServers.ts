/** All declared servers, looked at with a person: what each is, what it offers, and whether it is agreed to. */
import { isOpenExecError, messageOf } from '../../core/kernel/errors';
import { type AgreedOptions, agreedToolsOf } from './agreedTools';
import { declaredServers } from './configFile';

export type ReviewedServer = {
  readonly id: string;
  readonly origin: 'user' | 'workspace';
  /** The file that declares it. */
  readonly source: string;
  readonly command: readonly string[];
  /** What it offers and is agreed to; empty when there is a problem. */
  readonly tools: readonly { readonly name: string; readonly description: string }[];
  /** Why it cannot be used, in a line: most often that nobody has agreed to it. */
  readonly problem: string | null;
};

/**
 * Asks about every server that is new or has changed, and starts those whose command is agreed to. Throws
 * `config_invalid` for a file that is broken; a server that cannot be used is told of, not thrown.
 */
export async function reviewServers(options: AgreedOptions): Promise<ReviewedServer[]> {
  const reviewed: ReviewedServer[] = [];
  const declared = [...(await declaredServers(options.root, options.userFile)).values()];
  for (const server of declared.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const { id, origin, source, command } = server;
    const found = await agreedToolsOf(server, [`mcp__${id}__*`], options).catch((error: unknown) => {
      if (isOpenExecError(error, 'config_invalid')) return messageOf(error);
      throw error;
    });
    const tools = typeof found === 'string' ? [] : found.map(({ name, description }) => ({ name, description }));
    reviewed.push({ id, origin, source, command, tools, problem: typeof found === 'string' ? found : null });
  }
  return reviewed;
}
