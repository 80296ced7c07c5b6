import { OpenExecError } from '../../core/kernel/errors';
import type { ReplayVerdict } from '../../core/replay/exact';
import { replayNode, replayRun } from '../../node/runs/replayRun';
import { openRuntime } from '../compose';
import { EXIT } from '../exit';
import { choice, type Flags, parseFlags, text } from '../flags';
import { REPLAY_MODES } from '../grammar';
import { print } from '../output';

/** `replay`: the engine again on recorded effects, without network, model, tool or file system. */
export async function replay(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'replay', 1);
  const node = nodeOf(flags);
  const { store } = await openRuntime(flags, 'existing');
  try {
    const runId = flags.names[0] ?? '';
    const verdict = node === null ? await replayRun(store, runId) : await replayNode(store, runId, node);
    const { identical, events, head, recordedHead, ended } = verdict;
    const { recordedBy, ...divergence } = verdict.divergence ?? { recordedBy: undefined };
    const result = {
      ...{ identical, events, head: head.hash, recordedHead: recordedHead.hash },
      divergence: verdict.divergence === null ? null : divergence,
      ...(recordedBy === undefined ? {} : { recordedBy }),
    };
    if (!ended)
      process.stderr.write('openexec: the record stops before the end of the run; what came after is not known\n');
    print(flags, result, () => forPeople(verdict, node));
    return identical ? EXIT.ok : EXIT.failed;
  } finally {
    await store.close();
  }
}

/** The node of a step replay; null for an exact one. */
function nodeOf(flags: Flags): string | null {
  const mode = choice(flags, 'mode', REPLAY_MODES, 'exact');
  const node = text(flags, 'node') ?? null;
  if (mode === 'step' && node === null) throw new OpenExecError('usage', '--mode step needs --node ID');
  if (mode === 'exact' && node !== null) throw new OpenExecError('usage', '--node ID goes with --mode step');
  return node;
}

function forPeople({ divergence, events, head }: ReplayVerdict, node: string | null): string {
  const what = node === null ? '' : ` of node ${node}`;
  if (divergence === null) return `Identical: ${events} events${what}, hash for hash, head ${head.hash}`;
  const { seq, path, recorded, replayed, recordedBy } = divergence;
  return [
    `Diverged at event ${seq}${path ? ` in ${path}` : ''} (recorded by OpenExec ${recordedBy})`,
    `  recorded: ${JSON.stringify(recorded)}`,
    `  replayed: ${JSON.stringify(replayed)}`,
  ].join('\n');
}
