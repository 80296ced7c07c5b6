/** run_command and run_project_command: one program without a shell, as the policy allowed it. */
import { stripVTControlCharacters } from 'node:util';
import { analyseCommand } from '../../core/commands/analyse';
import { assertNever } from '../../core/kernel/assertNever';
import type { ProjectCommandName } from '../../core/policy/schema';
import { parseFindings } from '../../core/reports/parseFindings';
import { parseTests, type ReportFile } from '../../core/reports/parseTests';
import type { FindingsReport, TestReport } from '../../core/reports/report';
import type { ToolInput } from '../../core/tools/contracts';
import { findProgram } from '../system/programs';
import { PROJECT_FILE } from '../workspace/project';
import { type Ran, runConfined } from './confined';
import { failure, type ToolAnswer, type ToolContext, type ToolEvent } from './context';
import { hardenedGit, isGit } from './gitCommand';
import { readReportFiles, writtenSince } from './reportFiles';

/**
 * run_command: one plain command, by the words that the policy saw. A program that is named without a path is looked for
 * outside of the repository, unless the whole command is one that the project declares.
 */
export async function runCommand(context: ToolContext, { command }: ToolInput<'run_command'>): Promise<ToolAnswer> {
  const analysis = analyseCommand(command, context.commands);
  if (analysis.kind === 'refused') return failure(`not one plain command: ${analysis.why}`);
  const { argv, capability } = analysis;
  const outside = capability === 'exec_project' ? [] : [context.repository.root, context.root];
  return (await perform(context, argv, outside)).done;
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
  const { done, printed } = await perform(context, declared.argv, []);
  const written = before === null ? [] : writtenSince(before, await readReportFiles(context.root));
  const said = name === 'test' ? testReport(context, declared.argv, printed, written) : parseFindings(printed);
  return { ...done, events: [report(context, name, said), rawOutput(context, name, done)] };
}

type Performed = { readonly done: ToolAnswer; readonly printed: string };

/** The answer, with `confinement` only when a process really ran, and what the program itself printed. */
async function perform(context: ToolContext, argv: readonly string[], outside: readonly string[]): Promise<Performed> {
  const [name = '', ...rest] = argv;
  const program = await programOf(context, name, outside);
  if (program === null) {
    const missing = `command not found: ${name}; install it or put it on PATH, or change ${PROJECT_FILE}`;
    return { done: failure(missing), printed: '' };
  }
  const { args, env } = isGit(program) ? hardenedGit(rest) : { args: rest, env: {} };
  const ran = await runConfined(context, { program, args, env });
  if (ran.kind === 'refused') {
    return { done: failure(`the command was not run, because it could not be confined: ${ran.why}`), printed: '' };
  }
  const printed = plain(ran.output, context.root);
  const lines = [`$ ${argv.join(' ')}`, printed].filter((line) => line !== '');
  return { done: answerTo(ran, lines), printed };
}

/** The ripgrep that came with the editor stands in for one that is not installed. */
async function programOf(context: ToolContext, name: string, outside: readonly string[]): Promise<string | null> {
  const found = await findProgram(name, context.environment, context.root, { outside });
  return found ?? (name === 'rg' ? context.ripgrep : null);
}

function answerTo({ end, confinement, timeoutMs }: Ran & { kind: 'ran' }, lines: readonly string[]): ToolAnswer {
  const ran = (outcome: ToolAnswer['outcome'], last: string) => ({
    outcome,
    output: [...lines, last].join('\n'),
    confinement,
  });
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
      return failure(`the command could not be started: ${end.program} is gone`);
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
