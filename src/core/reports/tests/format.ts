/** What the parsers of test output have in common. */
import { cut } from '../../kernel/text';
import type { TestReport } from '../report';

export type TestFailure = TestReport['failures'][number];

export type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** What one program's output says about its test run. */
export type TestRun = Tally & { readonly tool: string; readonly failures: readonly TestFailure[] };

export type TestFormat = {
  /** Words of a command line that say that this format is to be expected. */
  readonly commands: readonly string[];
  /** The run that is told of in the lines of one program, or null when its summary is not there. */
  readonly read: (lines: readonly string[]) => TestRun | null;
};

/**
 * Several summaries in the output of one program: the last is the runner's own, because it prints it when the tests are
 * over; those before may be something that a test printed. But one that tells of failures is never passed over.
 */
export function lastOf(tallies: readonly Tally[]): Tally | null {
  const last = tallies.at(-1);
  if (last === undefined) return null;
  return { ...last, failed: Math.max(...tallies.map((tally) => tally.failed)) };
}

/** Summaries that belong together, such as one for each package. */
export function sumOf(tallies: readonly Tally[]): Tally | null {
  if (tallies.length === 0) return null;
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  return { passed: sum((t) => t.passed), failed: sum((t) => t.failed), skipped: sum((t) => t.skipped) };
}

/** A summary that cannot be true as it stands: its failures count, at least one, and nothing else of it. */
export const doubted = (failures: number): Tally => ({ passed: 0, failed: Math.max(1, failures), skipped: 0 });

/** The tally with at least that many failures; failures alone are a tally as well. */
export function atLeast(tally: Tally | null, failures: number): Tally | null {
  if (tally === null) return failures > 0 ? doubted(failures) : null;
  return { ...tally, failed: Math.max(tally.failed, failures) };
}

/** Whether the middle of the lines was left out: what was announced before the cut may have ended in it. */
export const isCut = (lines: readonly string[]): boolean =>
  lines.some((line) => /^\[cut: \d+ bytes of output are not shown\]$/.test(line));

/** Whether a test's name is that of a file, which is what node:test makes of a file in which no test was reported. */
export const isFileName = (name: string): boolean => /\.[cm]?[jt]sx?$/.test(name) || /^\.[\\/]\S+$/.test(name);

const NAME = 300;

/** A failure with its texts cut to their limits. */
export const failed = (
  name: string,
  place: { readonly file: string | null; readonly line: number | null } | null,
  message: string,
): TestFailure => ({
  name: cut(name.trim(), NAME),
  file: place === null || place.file === null ? null : cut(place.file, NAME),
  line: place?.line ?? null,
  message,
});

/** The lines from `from` to the first that ends the passage, at most `limit` of them. */
export function passage(lines: readonly string[], from: number, ends: (line: string) => boolean, limit = 60): string[] {
  const kept: string[] = [];
  for (let at = from; at < lines.length && kept.length < limit; at++) {
    const line = lines[at] ?? '';
    if (ends(line)) break;
    kept.push(line);
  }
  return kept;
}
