/** Pins in a file outside of any workspace, so that no repository can bring an agreement along. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { OpenExecError } from '../../core/kernel/errors';
import { type McpPins, type Pins, pinsSchema } from '../../core/mcp/pins';
import { errnoOf, makeFolder, writeDurably } from '../system/durable';

/** The pins in `file`, which is made with the first agreement; null where there is no place to keep any. */
export function pinFile(file: string | null): McpPins {
  if (file === null) return { read: async () => ({}), write: () => Promise.reject(nowhere()) };
  const read = async (): Promise<Pins> => {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
      throw unreadable(file, error);
    });
    if (text === null) return {};
    try {
      return pinsSchema.parse(JSON.parse(text)).servers;
    } catch (cause) {
      throw unreadable(file, cause);
    }
  };
  return {
    read,
    async write(key, pin) {
      const servers = { ...(await read()), [key]: pin };
      await makeFolder(path.dirname(file));
      await writeDurably(file, Buffer.from(`${JSON.stringify({ version: 1, servers }, null, 2)}\n`));
    },
  };
}

const nowhere = (): OpenExecError =>
  new OpenExecError(
    'config_invalid',
    'There is no folder of yours to keep in what was agreed to about MCP servers. Set HOME, or XDG_CONFIG_HOME.',
  );

const unreadable = (file: string, cause: unknown): OpenExecError =>
  new OpenExecError(
    'config_invalid',
    `What was agreed to about MCP servers (${file}) cannot be read. Delete the file, and agree anew.`,
    { cause },
  );
