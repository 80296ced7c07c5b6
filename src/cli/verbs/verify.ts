import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ExternalHead } from '../../core/events/findings';
import { isOpenExecError, OpenExecError } from '../../core/kernel/errors';
import { verifyBundle } from '../../node/evidence/verifyBundle';
import { openRuntime } from '../compose';
import { EXIT } from '../exit';
import { type Flags, parseFlags, text } from '../flags';
import { longWork } from '../longWork';
import { print } from '../output';
import { verdictLines, verdictOf } from '../verdict';

/** `verify`: checks a run of a store, or a bundle, and says what could not be checked. A bundle needs no store. */
export async function verify(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'verify', 1, 'the id of a run or the file of a bundle');
  const name = flags.names[0] ?? '';
  const options = { heads: headsOf(flags), ...longWork('verifying') };
  return (await isFile(flags, name)) ? verifyFile(flags, path.resolve(name), options) : verifyRun(flags, name, options);
}

type Options = { heads: ExternalHead[] };

function headsOf(flags: Flags): ExternalHead[] {
  const head = text(flags, 'head');
  if (head === undefined) return [];
  if (!/^[0-9a-f]{64}$/.test(head)) {
    throw new OpenExecError('usage', `--head ${head}: a hash of 64 hexadecimal digits is wanted`);
  }
  return [{ hash: head, events: null, from: 'given on the command line' }];
}

/** A file that is there, a path, or the name of a zip file that is no run. */
async function isFile(flags: Flags, name: string): Promise<boolean> {
  if (/[/\\]/.test(name)) return true;
  const found = await stat(name).catch(() => null);
  return found?.isFile() === true || (name.endsWith('.zip') && !(await isRun(flags, name)));
}

async function isRun(flags: Flags, name: string): Promise<boolean> {
  try {
    const { store } = await openRuntime(flags, 'existing');
    return await store.has(name).finally(() => store.close());
  } catch (error) {
    if (isOpenExecError(error, 'usage')) return false;
    throw error;
  }
}

async function verifyRun(flags: Flags, run: string, options: Options): Promise<number> {
  const { store } = await openRuntime(flags, 'existing');
  try {
    const report = await store.verify(run, options);
    print(flags, verdictOf(report), () => verdictLines(report).join('\n'));
    return report.sound ? EXIT.ok : EXIT.failed;
  } finally {
    await store.close();
  }
}

async function verifyFile(flags: Flags, file: string, options: Options): Promise<number> {
  const report = await verifyBundle(file, options);
  const { runId, signedBy } = report;
  print(flags, { ...verdictOf(report), runId, signedBy }, () =>
    [
      ...verdictLines(report),
      ...(runId === '' ? [] : [`Run: ${runId}`]),
      ...(signedBy === null ? [] : [`Signed by: ${signedBy}`]),
    ].join('\n'),
  );
  return report.sound ? EXIT.ok : EXIT.failed;
}
