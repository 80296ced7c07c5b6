/**
 * What a test command's output says, by the formats of a table.
 *
 * Invariants: failures are never lost and passes never invented: a summary counts only where a runner's own format puts
 * it and only if its numbers add up; of several in one program's output the last counts, and each one's failures; what
 * is in no known format gives a report without a tool, which no gate takes for a success.
 */
import { linesOf, plainText } from './lines';
import type { TestReport } from './report';
import { segmentsOf } from './segments';
import { CARGO_TEST } from './tests/cargo';
import type { TestFailure, TestFormat, TestRun } from './tests/format';
import { GO_TEST } from './tests/go';
import { JEST } from './tests/jest';
import { junitFile, junitRun } from './tests/junitXml';
import { DOTNET, GRADLE_TEST, MAVEN } from './tests/jvmAndDotnet';
import { MOCHA } from './tests/mocha';
import { NODE_TEST } from './tests/nodeTest';
import { PYTEST, UNITTEST } from './tests/python';
import { TAP } from './tests/tap';
import { VITEST } from './tests/vitest';

const FORMATS: readonly TestFormat[] = [
  VITEST,
  JEST,
  MOCHA,
  NODE_TEST,
  PYTEST,
  UNITTEST,
  GO_TEST,
  CARGO_TEST,
  MAVEN,
  GRADLE_TEST,
  DOTNET,
];

const LISTED = 50;

export type ReportFile = { readonly path: string; readonly text: string };

/**
 * The report of a test command's output, which may be cut in its middle. `argv` is a hint only: where the command names
 * the runner whose summary was found, what other runners and documents seem to say counts for its failures alone.
 * `files` are the JUnit documents that the command wrote; they count where the output shows no run.
 */
export function parseTests(
  output: string,
  argv: readonly string[] = [],
  files: readonly ReportFile[] = [],
): TestReport {
  const text = plainText(output);
  const runs = segmentsOf(linesOf(text)).flatMap(runsIn);
  const document = junitRun(text);
  const printed = trustedRuns(runs, document, argv);
  const written = printed.length === 0 ? files.map((file) => junitFile(plainText(file.text), file.path)) : [];
  const trusted = [...printed, ...written];
  const others = [...runs.map(({ run }) => run), ...(document === null ? [] : [document])].filter(
    (run) => !trusted.includes(run),
  );
  const failed = Math.max(
    sum(trusted, (run) => run.failed),
    sum(others, (run) => run.failed),
  );
  const failures = distinct([...trusted, ...others].flatMap((run) => run.failures));
  const listed = failures.slice(0, Math.min(LISTED, failed));
  return {
    kind: 'tests',
    tool: trusted.length === 0 ? null : [...new Set(trusted.map((run) => run.tool))].join(', '),
    passed: sum(trusted, (run) => run.passed),
    failed,
    skipped: sum(trusted, (run) => run.skipped),
    failures: listed,
    omitted: failed - listed.length,
  };
}

/** The runs whose passes count. */
function trustedRuns(runs: readonly Seen[], document: TestRun | null, argv: readonly string[]): readonly TestRun[] {
  const words = new Set(
    argv.map(
      (word) =>
        word
          .split(/[\\/]/)
          .at(-1)
          ?.replace(/\.(?:[cm]?js|cmd|bat|exe)$/, '') ?? '',
    ),
  );
  const names = (commands: readonly string[]): boolean => commands.some((command) => words.has(command));
  const named = runs.filter(({ commands }) => names(commands)).map(({ run }) => run);
  // A runner that the command names prints a document only when it is asked to; else a test may have printed it.
  const isAsked = argv.some((word) => /junit|xunit/i.test(word));
  if (named.length > 0 && !(isAsked && document !== null)) return named;
  const all = runs.map(({ run }) => run);
  words.delete('node'); // It runs anything.
  if (document === null || (!isAsked && [...FORMATS, TAP].some(({ commands }) => names(commands)))) return all;
  // A document holds what tests printed, so a summary besides it may be one of them, or the same run once more; and a
  // test may have printed a document. The lesser number of passes is the one that both bear out.
  const passed = Math.min(document.passed, ...(all.length === 0 ? [] : [sum(all, (run) => run.passed)]));
  return [{ ...document, passed }];
}

type Seen = { readonly commands: readonly string[]; readonly run: TestRun };

function runsIn(lines: readonly string[]): Seen[] {
  const seen = FORMATS.flatMap(({ commands, read }): Seen[] => {
    const run = read(lines);
    return run === null ? [] : [{ commands, run }];
  });
  // node:test prints TAP as well; its own summary says more than the points do.
  const tap = seen.some(({ commands }) => commands === NODE_TEST.commands) ? null : TAP.read(lines);
  return tap === null ? seen : [...seen, { commands: TAP.commands, run: tap }];
}

const sum = (runs: readonly TestRun[], of: (run: TestRun) => number): number =>
  runs.reduce((total, run) => total + of(run), 0);

/** Some runners list a failure where it happens and again at the end. */
function distinct(failures: readonly TestFailure[]): TestFailure[] {
  const byKey = new Map<string, TestFailure>();
  for (const failure of failures) {
    const key = `${failure.file ?? ''}\n${failure.line ?? ''}\n${failure.name}`;
    if (!byKey.has(key)) byKey.set(key, failure);
  }
  return [...byKey.values()];
}
