import path from 'node:path';
import { type Imported, importBundle } from '../../node/evidence/importBundle';
import { verifyBundle } from '../../node/evidence/verifyBundle';
import { hasStore, openRuntime } from '../compose';
import { EXIT } from '../exit';
import { type Flags, parseFlags } from '../flags';
import { longWork } from '../longWork';
import { print } from '../output';
import { verdictLines, verdictOf } from '../verdict';

/** `import`: takes the run out of a bundle that is sound into a store, which is made if there is none. */
export async function importRun(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'import', 1, 'the file of a bundle');
  const file = path.resolve(flags.names[0] ?? '');
  if (!(await hasStore(flags))) {
    // A bundle that is not sound must leave nothing behind, not even an empty store.
    const { runId, signedBy, ...report } = await verifyBundle(file, longWork('verifying'));
    if (!report.sound) return tell(flags, file, { runId, signedBy, report, events: report.events, ok: false });
  }
  const { store, clock } = await openRuntime(flags, 'import');
  try {
    return tell(flags, file, await importBundle(file, store, { at: clock.now(), ...longWork('importing') }));
  } finally {
    await store.close();
  }
}

function tell(flags: Flags, file: string, { runId, events, ok, signedBy, report }: Imported): number {
  print(flags, { runId, events, ok, signedBy, report: verdictOf(report) }, () =>
    [
      ok ? `Imported run ${runId} from ${file}` : `Nothing was imported from ${file}`,
      ...(signedBy === null ? [] : [`Signed by: ${signedBy}`]),
      ...verdictLines(report),
    ].join('\n'),
  );
  return ok ? EXIT.ok : EXIT.failed;
}
