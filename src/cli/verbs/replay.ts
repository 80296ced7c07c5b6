import { replayRun } from '../../node/runs/replayRun';
import { openRuntime } from '../compose';
import { EXIT } from '../exit';
import { choice, parseFlags } from '../flags';
import { print } from '../output';

/** `replay`: the engine again on recorded effects, without network, model, tool or file system. */
export async function replay(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, ['mode'], 1);
  choice(flags, 'mode', ['exact'], 'exact');
  const { store } = await openRuntime(flags, 'existing');
  try {
    const verdict = await replayRun(store, flags.names[0] ?? '');
    const { identical, events, head, recordedHead, divergence, ended } = verdict;
    const result = { identical, events, head: head.hash, recordedHead: recordedHead.hash, divergence };
    if (!ended)
      process.stderr.write('openexec: the record stops before the end of the run; what came after is not known\n');
    print(flags, result, () =>
      divergence === null
        ? `Identical: ${events} events, hash for hash, head ${head.hash}`
        : [
            `Diverged at event ${divergence.seq}${divergence.path ? ` in ${divergence.path}` : ''}`,
            `  recorded: ${JSON.stringify(divergence.recorded)}`,
            `  replayed: ${JSON.stringify(divergence.replayed)}`,
          ].join('\n'),
    );
    return identical ? EXIT.ok : EXIT.failed;
  } finally {
    await store.close();
  }
}
