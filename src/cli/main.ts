/**
 * The command line: another composition root over the same core, with no logic of its own. Progress and messages go to
 * standard error; with `--json` standard output holds one JSON document and nothing else.
 */
import { isOpenExecError, messageOf } from '../core/kernel/errors';
import { EXIT, exitCodeOf } from './exit';
import { visible } from './visible';

type Verb = (args: readonly string[]) => Promise<number>;

/** Each is made when it is wanted: a verb that only reads does not wait for what a run is made of. */
const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  run: async () => (await import('./verbs/run')).run,
  runs: async () => (await import('./verbs/runs')).runs,
  show: async () => (await import('./verbs/show')).show,
  verify: async () => (await import('./verbs/verify')).verify,
  replay: async () => (await import('./verbs/replay')).replay,
  resume: async () => (await import('./verbs/resume')).resume,
  'what-if': async () => (await import('./verbs/whatIf')).whatIf,
  compare: async () => (await import('./verbs/compare')).compare,
  export: async () => (await import('./verbs/export')).exportRun,
  import: async () => (await import('./verbs/import')).importRun,
  trace: async () => (await import('./verbs/trace')).trace,
  blueprint: async () => (await import('./verbs/blueprintCheck')).blueprint,
  plan: async () => (await import('./verbs/plan')).plan,
  policy: async () => (await import('./verbs/policy')).policy,
  mcp: async () => (await import('./verbs/mcp')).mcp,
  redact: async () => (await import('./verbs/redact')).redact,
  doctor: async () => (await import('./verbs/doctor')).doctor,
  completion: async () => (await import('./verbs/completion')).completion,
};

const USAGE = `openexec: a local control plane for coding agents

  openexec run --workspace DIR --blueprint ID|FILE --task TEXT [--policy ID|FILE] [--model PROVIDER:MODEL]
               [--base-url URL] [--approve never|ask|all] [--apply none|worktree|workspace] [--zones GLOB,…]
  openexec runs
  openexec show RUN [--from N] [--to N] [--type T]
  openexec verify RUN|FILE [--head HASH]
  openexec replay RUN [--mode exact|step] [--node ID]
  openexec what-if RUN --policy ID|FILE
                                     every recorded call decided again under another policy; no model call
  openexec compare RUN RUN…          two to six runs: where they first differ, by node, in figures, files and decisions
  openexec resume RUN [--in-doubt repeat|fail] [--model PROVIDER:MODEL] [--base-url URL] [--approve never|ask|all]
               [--apply none|worktree|workspace]
  openexec export RUN --out FILE     an evidence bundle; signed when OPENEXEC_SIGNING_KEY holds an Ed25519 key (PEM)
  openexec import FILE               verifies a bundle first; one that is not sound is refused
  openexec trace RUN [--endpoint URL] [--content none|all]
                                     sends a run to an OpenTelemetry collector; --content all with what people and models wrote
  openexec blueprint check FILE|ID [--model PROVIDER:MODEL]
                                     its problems with line and column, and its worst case
  openexec plan --workspace DIR --task TEXT | --tasks FILE.jsonl [--policy ID|FILE]
                                     what the gatekeeper makes of a task, before anything is started or sent
  openexec policy check --policy ID|FILE [--toolset ID|FILE] --action JSON | --actions FILE.jsonl
                                     what the policy says: allow, ask or deny, by which rule and why
  openexec policy lint FILE|ID       what is wrong with a policy or a toolset, and rules that say nothing
  openexec mcp [--workspace DIR]     the declared MCP servers and their tools; at a terminal it asks about new ones
  openexec redact [--json | --jsonl] standard input without secrets and personal data; with --jsonl one {"text"} a line
  openexec doctor [--workspace DIR] [--model PROVIDER:MODEL] [--base-url URL] [--policy ID|FILE]
                                     what is found of all that a run needs; no prompt is sent, and a key to a server on this machine only
  openexec completion bash|zsh|fish  a script that completes verbs, flags and values; for bash: eval "$(openexec completion bash)"

Servers of your own: OPENEXEC_MODELS names a file of them, as docs/models.md describes; so do OPENEXEC_PRICES and OPENEXEC_TIMEOUTS.
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
  return (await verb())(rest);
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
