import { markInterrupted, openRuntime } from '../compose';
import { EXIT } from '../exit';
import { parseFlags } from '../flags';
import { deniedWords, print, table } from '../output';

/** `runs`: the runs of a store, newest first. */
export async function runs(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'runs', 0);
  const runtime = await openRuntime(flags, 'existing');
  const { store } = runtime;
  try {
    await markInterrupted(runtime);
    await store.tendDatabases();
    const summaries = await store.summaries();
    const rows = summaries.map((run) => {
      const { runId, status, task, blueprint, model, startedAt, endedAt, events, head } = run;
      return { runId, status, task, blueprint, model, startedAt, endedAt, events, head };
    });
    print(flags, rows, () => {
      if (summaries.length === 0) return 'No runs yet.';
      return table(
        summaries.map((run) => [
          run.runId,
          run.status,
          run.blueprint,
          run.model,
          `${run.events} events`,
          deniedWords(run),
          run.task.slice(0, 60),
        ]),
      );
    });
    return EXIT.ok;
  } finally {
    await store.close();
  }
}
