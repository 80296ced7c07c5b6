/** run_command and run_project_command: only what the project declares, without a shell. */
import { stripVTControlCharacters } from 'node:util';
import { assertNever } from '../../core/kernel/assertNever';
import { PROJECT_COMMANDS, type ProjectCommandName } from '../../core/policy/schema';
import { parseFindings } from '../../core/reports/parseFindings';
import { parseTests, type ReportFile } from '../../core/reports/parseTests';
import type { FindingsReport, TestReport } from '../../core/reports/report';
import type { ToolInput } from '../../core/tools/contracts';
import { minimalEnvironment } from '../system/environment';
import { type ProcessEnd, runProcess } from '../system/process';
import { tokenizeCommand } from '../workspace/commandLine';
import { PROJECT_FILE } from '../workspace/project';
import { failure, type ToolAnswer, type ToolContext, type ToolEvent } from './context';
import { readReportFiles, writtenSince } from './reportFiles';

const TIMEOUT_MS = 10 * 60 * 1000;
const OUTPUT_LIMIT = 64 * 1024;
const NOT_CONFINED = 'not confined';

/** run_command: a line whose words are exactly those of a declared command. */
export async function runCommand(context: ToolContext, { command }: ToolInput<'run_command'>): Promise<ToolAnswer> {
  const words = tokenizeCommand(command);
  if (!words.ok) return failure(words.error);
  const argvs = PROJECT_COMMANDS.map((name) => context.commands[name]?.argv).filter((argv) => argv !== undefined);
  const match = argvs.find((argv) => sameWords(argv, words.value));
  if (match !== undefined) return (await perform(context, match)).done;
  const list = argvs.length === 0 ? 'none is declared' : argvs.map((argv) => argv.join(' ')).join(', ');
  return failure(`only the project's own commands can be run (${list}); others can be added to ${PROJECT_FILE}`);
}

/**
 * run_project_command: lint, test, build or format. What it printed is kept twice: as the typed report that was read out
 * of it, `<name>_report`, and as it is, `<name>_output`; also when the program was missing or did not come to its end.
 */
export async function runProjectCommand(
  context: ToolContext,
  { name }: ToolInput<'run_project_command'>,
): Promise<ToolAnswer> {
  const declared = context.commands[name];
  if (declared === undefined) return failure(`no ${name} command is declared; add one to ${PROJECT_FILE}`);
  const before = name === 'test' ? await readReportFiles(context.root) : null;
  const { done, printed } = await perform(context, declared.argv);
  const written = before === null ? [] : writtenSince(before, await readReportFiles(context.root));
  const said = name === 'test' ? testReport(context, declared.argv, printed, written) : parseFindings(printed);
  return { ...done, events: [report(context, name, said), rawOutput(context, name, done)] };
}

const sameWords = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((word, at) => word === b[at]);

/** The answer, with `confinement` only when a process really ran, and what the program itself printed. */
async function perform(context: ToolContext, argv: readonly string[]): Promise<{ done: ToolAnswer; printed: string }> {
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
  const printed = plain(output, context.root);
  const lines = [`$ ${argv.join(' ')}`, printed].filter((line) => line !== '');
  const ran = (outcome: ToolAnswer['outcome'], last: string) => ({
    outcome,
    output: [...lines, last].join('\n'),
    confinement: NOT_CONFINED,
  });
  return { done: answerTo(end, ran, timeoutMs), printed };
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

function testReport(
  { root }: ToolContext,
  argv: readonly string[],
  printed: string,
  written: readonly ReportFile[],
): TestReport {
  const files = written.map(({ path, text }) => ({ path, text: plain(text, root) }));
  return parseTests(printed, argv, files);
}

function report({ call }: ToolContext, name: ProjectCommandName, said: TestReport | FindingsReport): ToolEvent {
  const summary = said.kind === 'tests' ? testsInWords(said) : findingsInWords(said);
  const content = JSON.stringify(said, null, 1);
  const data = { call, name: `${name}_report`, kind: 'report', media: 'application/json', content, summary } as const;
  return { type: 'artifact.created', data };
}

function rawOutput({ call }: ToolContext, name: ProjectCommandName, done: ToolAnswer): ToolEvent {
  const summary = done.output.slice(done.output.lastIndexOf('\n') + 1);
  const content = done.output;
  const data = { call, name: `${name}_output`, kind: 'output', media: 'text/plain', content, summary } as const;
  return { type: 'artifact.created', data };
}

function testsInWords({ tool, passed, failed, skipped }: TestReport): string {
  if (tool === null) return 'no test run was found in the output';
  // Without either, go does not say which tests ran, and a package whose tests were all skipped is ok as well.
  const hint = tool === 'go test' && passed + failed + skipped === 0 ? ' (add -v or -json to the command)' : '';
  return `${tool}: ${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}${hint}`;
}

function findingsInWords({ tool, errors, warnings }: FindingsReport): string {
  const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  if (tool === null) return 'no report of a known tool was found in the output';
  return `${tool}: ${count(errors, 'error')}, ${count(warnings, 'warning')}`;
}

/** Output that is the same wherever the work tree lies: no colours, plain line ends, the folder's path as `.`. */
function plain(output: string, root: string): string {
  const text = stripVTControlCharacters(output).replace(/\r\n?/g, '\n');
  const forward = root.replaceAll('\\', '/');
  return text.replaceAll(root, '.').replaceAll(forward, '.').replace(/\n+$/, '');
}
