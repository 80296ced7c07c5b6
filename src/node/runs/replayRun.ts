/** Exact replay of a stored run: the engine again, on what the store holds, and on nothing else. */
import type { RunEvent } from '../../core/events/schema';
import { OpenExecError } from '../../core/kernel/errors';
import { type ReplayVerdict, replayExactly } from '../../core/replay/exact';
import { ENGINE_FLAG } from '../../core/run/limits';
import { PROMPT_VERSION } from '../../core/run/prompt';
import { runSession } from '../../core/run/session';
import type { RunStore } from '../store/store';
import { sha256 } from '../system/sha256';

/** Throws `run_unknown`, `blob_missing`, `journal_corrupt` or `replay_impossible`; a difference is a verdict. */
export async function replayRun(store: RunStore, runId: string): Promise<ReplayVerdict> {
  const stored: RunEvent[] = [];
  const inline: RunEvent[] = [];
  for await (const event of store.read(runId)) {
    stored.push(event);
    inline.push(await store.inline(event));
  }
  const [first] = stored;
  if (first?.type === 'run.started') {
    const { engine, prompt } = first.data.flags;
    if (engine !== ENGINE_FLAG || prompt !== PROMPT_VERSION) {
      const recorded = `engine ${engine}, prompt ${prompt} (OpenExec ${first.data.versions.openexec})`;
      throw new OpenExecError(
        'replay_impossible',
        `Run ${runId} was recorded by ${recorded}, which this version cannot replay.`,
      );
    }
  }
  return replayExactly(
    { stored, inline },
    async (run, start, ports) => {
      await runSession(run, { type: start.type, data: start.data }, ports, new AbortController().signal);
    },
    sha256,
  );
}
