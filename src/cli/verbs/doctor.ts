import os from 'node:os';
import { runDoctor } from '../../node/doctor/doctor';
import { classifierOf } from '../../node/gatekeeper/shipped';
import { createGit } from '../../node/git/git';
import { policyFiles } from '../../node/policy/places';
import { openStore } from '../../node/store/store';
import { monotonic } from '../../node/system/time';
import { hasStore, idOrFile, ROOT, rootOf, WORKER, workspaceOf } from '../compose';
import { EXIT } from '../exit';
import { type Flags, parseFlags, text } from '../flags';
import { cliModels } from '../models';
import { print, table } from '../output';

/** `doctor`: what is found of all that a run needs; each thing that is not fine says what to do. */
export async function doctor(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'doctor', 0);
  const { setup } = await cliModels(flags);
  const classifier = classifierOf(ROOT);
  try {
    const checks = await runDoctor({
      folder: workspaceOf(flags),
      git: createGit({ environment: process.env }),
      environment: process.env,
      assets: ROOT,
      policyFiles: policyFiles(process.platform, process.env, os.homedir()),
      policy: () => idOrFile(text(flags, 'policy') ?? 'standard'),
      classifier: () => classifier,
      store: { root: rootOf(flags), runs: () => runsOf(flags) },
      model: { ...setup, model: text(flags, 'model'), allowFiles: true, monotonic },
    });
    print(flags, { checks }, (report) =>
      table(report.checks.map(({ name, ok, detail }) => [ok ? 'ok' : 'NOT OK', name, detail])),
    );
    return checks.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
  } finally {
    await classifier.close();
  }
}

/** How many runs the store lists; null when there is none, which is not made by looking. */
async function runsOf(flags: Flags): Promise<number | null> {
  if (!(await hasStore(flags))) return null;
  const store = await openStore({ root: rootOf(flags), workerPath: WORKER, log: () => undefined });
  try {
    return (await store.summaries()).length;
  } finally {
    await store.close();
  }
}
