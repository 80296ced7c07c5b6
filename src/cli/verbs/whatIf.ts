import path from 'node:path';
import type { WhatIf } from '../../core/compare/whatIf';
import { whatIf as decideAgain } from '../../node/runs/whatIf';
import { openRuntime } from '../compose';
import { EXIT } from '../exit';
import { parseFlags, required } from '../flags';
import { print, table } from '../output';

/** `what-if`: another policy over a run's recorded calls. A question, not a check: a change is an answer, and exits with 0. */
export async function whatIf(args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, 'what-if', 1);
  const policy = required(flags, 'policy');
  const { store, assets } = await openRuntime(flags, 'existing');
  try {
    const places = { assets, workspace: path.resolve('.') };
    print(flags, await decideAgain(store, flags.names[0] ?? '', policy, places), forPeople);
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

function forPeople({ calls, changed, wouldStopAt }: WhatIf): string {
  const rows = changed.map(({ seq, tool, was, now, rule }) => [String(seq), tool, `${was} -> ${now}`, rule]);
  const stop =
    wouldStopAt === null ? 'Every call that was made would be made.' : `The run would have stopped at ${wouldStopAt}.`;
  return [...(rows.length === 0 ? [] : [table(rows), '']), `${changed.length} of ${calls} calls changed. ${stop}`].join(
    '\n',
  );
}
