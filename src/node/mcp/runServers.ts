/**
 * The MCP servers of one run: each started at the first call of one of its tools, as it was frozen with the run, and
 * ended with the run's session.
 */
import { own } from '../../core/kernel/own';
import { err, type Result } from '../../core/kernel/result';
import { agreedToStart, type McpPins, pinKey } from '../../core/mcp/pins';
import type { Snapshot } from '../../core/policy/schema';
import { sha256 } from '../system/sha256';
import { withFiles } from './commandFiles';
import { type Connection, connect, type Limit, type ServerPlace, START_LIMIT_MS, type Trouble } from './connection';

export interface RunServers {
  /** The running server, started if it is not; one that has ended is started anew. */
  connection(id: string, limit: Limit): Promise<Result<Connection, Trouble>>;
  /** Ends a server that cannot be relied on any more. */
  end(id: string): Promise<void>;
  /** Ends them all. Never rejects; nothing can be started afterwards. */
  close(): Promise<void>;
}

/** A server that cannot be greeted for so long does not use up the whole time of a step. */
const starting = (limit: Limit): Limit =>
  limit.ms <= START_LIMIT_MS ? limit : { ...limit, ms: START_LIMIT_MS, of: START_LIMIT_MS };

export function runServers(frozen: Snapshot, pins: McpPins, place: ServerPlace): RunServers {
  const running = new Map<string, Connection>();
  let closed = false;

  const start = async (id: string, limit: Limit): Promise<Result<Connection, Trouble>> => {
    const refused = (message: string): Result<Connection, Trouble> => err({ kind: 'error', message });
    const server = frozen.mcpServers?.find((each) => each.id === id);
    if (server === undefined) return refused('the run has no such server');
    // A record may have come from elsewhere, and an agreement may have been taken back.
    const pin = own(await pins.read(), pinKey(server, place.workspace));
    if (!agreedToStart(await withFiles(server, place.workspace), pin, sha256))
      return refused('nobody agrees to its command, or to a file in it, any more');
    const made = await connect(server, place, starting(limit));
    if (!made.ok) return made;
    if (closed) {
      await made.value.close();
      return refused('the run has ended');
    }
    running.set(id, made.value);
    return made;
  };

  const end = async (id: string): Promise<void> => {
    const connection = running.get(id);
    running.delete(id);
    await connection?.close();
  };

  return {
    async connection(id, limit) {
      const known = running.get(id);
      if (known?.open) return { ok: true, value: known };
      await end(id);
      return start(id, limit);
    },
    end,
    async close() {
      closed = true;
      await Promise.all([...running.keys()].map(end));
    },
  };
}
