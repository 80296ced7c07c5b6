/**
 * A process that replays the runs of a store and says, as one JSON document, how it went and in what kind of world it
 * stands. Arguments: worker bundle, root, runs.
 */
import { readdirSync } from 'node:fs';
import { replayRun } from '../../src/node/runs/replayRun';
import { openStore } from '../../src/node/store/store';

async function main(): Promise<void> {
  const [workerPath = '', root = '', ...runs] = process.argv.slice(2);
  const store = await openStore({ root, workerPath, log: (line) => process.stderr.write(`${line}\n`) });
  const verdicts = [];
  for (const run of runs) verdicts.push(await replayRun(store, run));
  await store.close();
  const world = {
    year: new Date().getFullYear(),
    offset: new Date(0).getTimezoneOffset(),
    language: Intl.DateTimeFormat().resolvedOptions().locale,
    random: Math.random(),
    names: readdirSync(root),
    folder: process.cwd(),
    home: process.env.HOME ?? null,
  };
  process.stdout.write(JSON.stringify({ verdicts, world }));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
