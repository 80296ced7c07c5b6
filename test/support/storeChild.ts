/**
 * A process that appends events to a run and says on standard output, one line each, which are durable: `ack SEQ`.
 * Arguments: worker bundle, root, run, number of events, and `end` to finish the run and close the store.
 */
import { writeSync } from 'node:fs';
import { openStore } from '../../src/node/store/store';
import { chain, finished, longRun } from './eventChain';

async function main(): Promise<void> {
  const [workerPath = '', root = '', run = '', count = '0', end = ''] = process.argv.slice(2);
  const store = await openStore({ root, workerPath, log: (line) => process.stderr.write(`${line}\n`) });
  const writer = await store.create(run);
  for (const event of longRun(run, Number(count))) {
    await writer.append(event);
    // Synchronously, so that the acknowledgement has left the process before the next event begins.
    writeSync(1, `ack ${event.seq}\n`);
  }
  if (end === 'end') for (const event of chain(run, [finished], writer.head)) await writer.append(event);
  if (end === 'end') await store.close();
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
