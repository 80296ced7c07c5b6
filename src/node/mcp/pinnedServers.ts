/** What is known of the servers that a run's toolsets name before any of them is started: from the agreements alone. */
import { own } from '../../core/kernel/own';
import { entriesAboutMcp, mcpName, serversNamed } from '../../core/mcp/names';
import { agreedToStart, pinKey } from '../../core/mcp/pins';
import { namesTool } from '../../core/policy/names';
import { sha256 } from '../system/sha256';
import { type AgreedOptions, refuseSecretsIn, undeclared } from './agreedTools';
import { withFiles } from './commandFiles';
import { declaredServers } from './configFile';

export type PinnedServer = {
  readonly id: string;
  readonly command: readonly string[];
  /** Whether its command is agreed to as it is now. What it offers is looked at when the run starts. */
  readonly agreed: boolean;
  /** How many of its tools were agreed to, of those that the entries stand for. */
  readonly tools: number;
};

/** The servers that the entries name; starts none. Throws `config_invalid` for one that is not declared or holds a secret. */
export async function pinnedServers(
  tools: readonly string[],
  options: Pick<AgreedOptions, 'root' | 'userFile' | 'pins'>,
): Promise<PinnedServer[]> {
  const { root } = options;
  const entries = entriesAboutMcp(tools);
  if (entries.length === 0) return [];
  const declared = await declaredServers(root, options.userFile);
  const pins = await options.pins.read();
  const found: PinnedServer[] = [];
  for (const id of serversNamed(entries, [...declared.keys()])) {
    const server = declared.get(id);
    if (server === undefined) throw undeclared(id, options);
    refuseSecretsIn(server);
    const pin = own(pins, pinKey(server, root));
    const agreed = agreedToStart(await withFiles(server, root), pin, sha256);
    const names = Object.keys(agreed ? (pin?.tools ?? {}) : {}).filter((tool) => {
      const name = mcpName(id, tool);
      const used = server.tools === null || server.tools.includes(tool);
      return used && name !== null && entries.some((entry) => namesTool(entry, name));
    });
    found.push({ id, command: server.command, agreed, tools: names.length });
  }
  return found;
}
