/**
 * What a node's own call has to show for the node to succeed. Exit codes and typed reports decide, never a word; what is
 * missing or cannot be read is no success. Pure.
 */
import type { BlueprintNode } from '../blueprint/schema';
import { textOf } from '../events/payload';
import type { RunEvent } from '../events/schema';
import { own } from '../kernel/own';
import { readReport } from '../reports/readReport';
import type { FindingsReport, Report, TestReport } from '../reports/report';
import type { Effect } from './effects';
import { endRun, finishNode, nodeOf, projectCommandOf } from './nodes';
import type { ActiveRun } from './state';

type Verdict = { readonly outcome: 'success' | 'failure'; readonly reason: string };

const success = (reason: string): Verdict => ({ outcome: 'success', reason });
const failure = (reason: string): Verdict => ({ outcome: 'failure', reason });

/** The end of a node whose own call has ended. */
export function finishNodeCall(run: ActiveRun, event: RunEvent<'tool.finished'>): Effect {
  const { outcome, output } = event.data;
  const said = reasonIn(run, textOf(output));
  if (outcome === 'denied') return endRun(run, 'stopped', 'policy', said, event);
  if (outcome === 'cancelled') return finishNode(run, 'cancelled', 'cancelled', event);
  if (outcome !== 'ok') return finishNode(run, 'failure', said, event);
  const { outcome: gate, reason } = gateOf(run, nodeOf(run, run.visit?.id ?? ''), event);
  return finishNode(run, gate, reason, event);
}

/** Why a call did not end well: what a command prints begins with its own line, and ends with how it ended. */
function reasonIn(run: ActiveRun, output: string): string {
  const node = nodeOf(run, run.visit?.id ?? '');
  const isCommand = node.type === 'deterministic' && projectCommandOf(node.action) !== null;
  if (!isCommand || run.origin.flags.engine < 2) return output.split('\n', 1)[0] ?? '';
  const lines = output.trimEnd();
  return lines.slice(lines.lastIndexOf('\n') + 1);
}

function gateOf(run: ActiveRun, node: BlueprintNode, event: RunEvent<'tool.finished'>): Verdict {
  const { exitCode, call } = event.data;
  if (node.type === 'agent') return madeBy(run, call);
  const passed = exitCode === null || exitCode === 0;
  if (run.origin.flags.engine < 2) return passed ? success('done') : failure(`exit code ${exitCode}`);
  const command = projectCommandOf(node.action);
  const report = command === null ? null : reportOf(run, `${command}_report`, call);
  if (node.action === 'run_tests') return testGate(exitCode, report?.kind === 'tests' ? report : null);
  if (passed) return success('done');
  return failure(found(report?.kind === 'findings' ? report : null) ?? `exit code ${exitCode}`);
}

/** A change of the work tree counts as delivered when it is recorded as the node's artifact. */
function madeBy({ notes }: ActiveRun, call: string): Verdict {
  const made = Object.values(notes).find((note) => note.call === call);
  return made ? success(`the result was checked: ${made.summary}`) : failure('the change could not be reported');
}

/** No test run, or none that ran a test, is never a pass, whatever the exit code says. */
function testGate(exitCode: number | null, report: TestReport | null): Verdict {
  const run = report !== null && report.tool !== null ? report : null;
  const all = run === null ? 0 : run.passed + run.failed;
  if (run !== null && run.failed > 0) return failure(`${run.failed} of ${all} tests failed`);
  if (exitCode !== 0) return failure(exitCode === null ? 'the command gave no exit code' : `exit code ${exitCode}`);
  if (run === null) return failure('no test run was found in the output');
  if (all === 0) return failure('no test was run');
  return success(`${counted(run.passed, 'test')} passed`);
}

function found(report: FindingsReport | null): string | null {
  if (report === null || report.tool === null || report.errors === 0) return null;
  const files = new Set(report.findings.filter(({ severity }) => severity === 'error').map(({ file }) => file)).size;
  const errors = counted(report.errors, 'error');
  return report.omitted > 0 || files === 0 ? errors : `${errors} in ${counted(files, 'file')}`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The report that a call made under this name; null when it made none, or none that can be read. */
function reportOf(run: ActiveRun, name: string, call: string): Report | null {
  if (own(run.notes, name)?.call !== call) return null;
  return readReport(own(run.artifacts, name) ?? '');
}
