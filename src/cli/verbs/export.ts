import path from 'node:path';
import { exportBundle } from '../../node/evidence/exportBundle';
import { markInterrupted, openRuntime } from '../compose';
import { EXIT } from '../exit';
import { parseFlags, required } from '../flags';
import { longWork } from '../longWork';
import { print } from '../output';

/** `export`: a run's evidence bundle; signed when the environment has a key. */
export async function exportRun(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'export', 1);
  const file = path.resolve(required(flags, 'out'));
  const key = process.env.OPENEXEC_SIGNING_KEY;
  const signing = key === undefined || key === '' ? {} : { signingKey: key };
  const runtime = await openRuntime(flags, 'existing');
  try {
    await markInterrupted(runtime);
    const options = { file, ...signing, ...longWork('exporting') };
    // What is printed is fixed (cli.md); the head stands in the bundle.
    const { head: _head, ...exported } = await exportBundle(runtime.store, flags.names[0] ?? '', options);
    if (exported.signedBy !== null) {
      process.stderr.write(`openexec: signed with OPENEXEC_SIGNING_KEY, fingerprint ${exported.signedBy}\n`);
    }
    print(flags, exported, ({ sha256, events, blobs, signedBy }) =>
      [
        `Exported to ${file}: ${events} events, ${blobs} blobs`,
        `  SHA-256 of the file: ${sha256}`,
        `  ${signedBy === null ? 'NOT signed: OPENEXEC_SIGNING_KEY is not set' : `signed by ${signedBy}`}`,
      ].join('\n'),
    );
    return EXIT.ok;
  } finally {
    await runtime.store.close();
  }
}
