/**
 * The command line: another composition root over the same core, with no logic of its own. Progress and messages go to
 * standard error; with `--json` standard output holds one JSON document and nothing else.
 */
import { isOpenExecError, messageOf } from '../core/kernel/errors';
import { EXIT, exitCodeOf } from './exit';
import { blueprint } from './verbs/blueprintCheck';
import { exportRun } from './verbs/export';
import { importRun } from './verbs/import';
import { replay } from './verbs/replay';
import { resume } from './verbs/resume';
import { run } from './verbs/run';
import { runs } from './verbs/runs';
import { show } from './verbs/show';
import { verify } from './verbs/verify';
import { visible } from './visible';

type Verb = (args: readonly string[]) => Promise<number>;

const VERBS: Readonly<Record<string, Verb>> = {
  run,
  runs,
  show,
  verify,
  replay,
  resume,
  export: exportRun,
  import: importRun,
  blueprint,
};

const USAGE = `openexec: a local control plane for coding agents

  openexec run --workspace DIR --blueprint ID|FILE --task TEXT [--policy ID|FILE] [--model PROVIDER:MODEL]
               [--base-url URL] [--approve never|ask|all] [--apply none|worktree|workspace]
  openexec runs
  openexec show RUN [--from N] [--to N] [--type T]
  openexec verify RUN|FILE [--head HASH]
  openexec replay RUN [--mode exact|step] [--node ID]
  openexec resume RUN [--in-doubt repeat|fail] [--model PROVIDER:MODEL] [--base-url URL] [--approve never|ask|all]
               [--apply none|worktree|workspace]
  openexec export RUN --out FILE     an evidence bundle; signed when OPENEXEC_SIGNING_KEY holds an Ed25519 key (PEM)
  openexec import FILE               verifies a bundle first; one that is not sound is refused
  openexec blueprint check FILE|ID [--model PROVIDER:MODEL]
                                     its problems with line and column, and its worst case

Every verb takes --json and --store DIR (default: .openexec/store in the workspace).
`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(USAGE);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (!verb) {
    process.stderr.write(`openexec: there is no verb "${name}"; known: ${Object.keys(VERBS).join(', ')}\n`);
    return EXIT.usage;
  }
  return verb(rest);
}

// A reader that leaves early, as `head` does, is no fault of the run that is going on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`openexec: ${visible(messageOf(error))}\n`);
    if (!isOpenExecError(error) && process.env.OPENEXEC_DEBUG)
      process.stderr.write(`${String((error as Error).stack)}\n`);
    process.exitCode = exitCodeOf(error);
  },
);
