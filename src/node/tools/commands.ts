/** run_command and run_project_command: only what the project declares, without a shell. */
import { stripVTControlCharacters } from 'node:util';
import { assertNever } from '../../core/kernel/assertNever';
import { PROJECT_COMMANDS, type ProjectCommandName } from '../../core/policy/schema';
import type { ToolInput } from '../../core/tools/contracts';
import { minimalEnvironment } from '../system/environment';
import { type ProcessEnd, runProcess } from '../system/process';
import { tokenizeCommand } from '../workspace/commandLine';
import { PROJECT_FILE } from '../workspace/project';
import { failure, type ToolAnswer, type ToolContext } from './context';

const TIMEOUT_MS = 10 * 60 * 1000;
const OUTPUT_LIMIT = 64 * 1024;
const NOT_CONFINED = 'not confined';

/** run_command: a line whose words are exactly those of a declared command. */
export async function runCommand(context: ToolContext, { command }: ToolInput<'run_command'>): Promise<ToolAnswer> {
  const words = tokenizeCommand(command);
  if (!words.ok) return failure(words.error);
  const argvs = PROJECT_COMMANDS.map((name) => context.commands[name]?.argv).filter((argv) => argv !== undefined);
  const match = argvs.find((argv) => sameWords(argv, words.value));
  if (match !== undefined) return perform(context, match);
  const list = argvs.length === 0 ? 'none is declared' : argvs.map((argv) => argv.join(' ')).join(', ');
  return failure(`only the project's own commands can be run (${list}); others can be added to ${PROJECT_FILE}`);
}

/** run_project_command: lint, test, build or format; its output is also kept as a report. */
export async function runProjectCommand(
  context: ToolContext,
  { name }: ToolInput<'run_project_command'>,
): Promise<ToolAnswer> {
  const declared = context.commands[name];
  if (declared === undefined) return failure(`no ${name} command is declared; add one to ${PROJECT_FILE}`);
  const done = await perform(context, declared.argv);
  return done.confinement === undefined ? done : { ...done, events: [report(context, name, done)] };
}

const sameWords = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, at) => word === b[at]);

/** Has `confinement` only when a process really ran. */
async function perform(context: ToolContext, argv: readonly string[]): Promise<ToolAnswer> {
  const timeoutMs = Math.min(context.commandTimeoutMs ?? Number.POSITIVE_INFINITY, context.limitMs ?? TIMEOUT_MS);
  const { end, output } = await runProcess({
    argv,
    cwd: context.root,
    env: minimalEnvironment(context.environment),
    timeoutMs,
    outputLimit: OUTPUT_LIMIT,
    signal: context.signal,
    monotonic: context.monotonic,
  });
  const lines = [`$ ${argv.join(' ')}`, plain(output, context.root)].filter((line) => line !== '');
  const ran = (outcome: ToolAnswer['outcome'], last: string) => ({
    outcome,
    output: [...lines, last].join('\n'),
    confinement: NOT_CONFINED,
  });
  return answerTo(end, ran, timeoutMs);
}

function answerTo(
  end: ProcessEnd,
  ran: (outcome: ToolAnswer['outcome'], last: string) => ToolAnswer,
  timeoutMs: number,
): ToolAnswer {
  switch (end.kind) {
    case 'exit':
      return { ...ran('ok', `exit code ${end.code}`), exitCode: end.code };
    case 'signal':
      return ran('error', `ended by ${end.signal}`);
    case 'timeout':
      return ran('timeout', `ended after ${timeoutMs / 1000} s, the time limit of a command`);
    case 'cancelled':
      return ran('cancelled', 'ended because the run was cancelled');
    case 'missing':
      return failure(`command not found: ${end.program}; install it or put it on PATH, or change ${PROJECT_FILE}`);
    case 'failed':
      return failure(`the command could not be started: ${end.reason}`);
    default:
      return assertNever(end);
  }
}

function report({ call }: ToolContext, name: ProjectCommandName, done: ToolAnswer) {
  const summary = done.output.slice(done.output.lastIndexOf('\n') + 1);
  return {
    type: 'artifact.created',
    data: { call, name: `${name}_report`, kind: 'report', media: 'text/plain', content: done.output, summary },
  } as const;
}

/** Output that is the same wherever the work tree lies: no colours, plain line ends, the folder's path as `.`. */
function plain(output: string, root: string): string {
  const text = stripVTControlCharacters(output).replace(/\r\n?/g, '\n');
  const forward = root.replaceAll('\\', '/');
  return text.replaceAll(root, '.').replaceAll(forward, '.').replace(/\n+$/, '');
}
