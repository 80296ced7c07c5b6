/** Counting tests: out of the runners' own reports, and out of the sources for suites that cannot run here. */
import fs from 'node:fs';
import path from 'node:path';

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/** @returns {Tally} the tally of one step that is a test by itself */
export const step = (ok) => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });

/** @param {Tally[]} tallies @returns {Tally} */
export function sum(tallies) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const tally of tallies) for (const key of Object.keys(total)) total[key] += tally[key];
  return total;
}

export const line = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/** @returns {Tally} what vitest's JSON report says; a file that could not be loaded has no tests in it and counts as one failure */
export function ofVitest(report, exitCode) {
  const run = read(report);
  if (run === null) return step(false);
  const broken = run.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  return neverSilent(
    {
      passed: run.numPassedTests,
      failed: run.numFailedTests + broken.length,
      skipped: run.numPendingTests + run.numTodoTests,
    },
    exitCode,
  );
}

/** @returns {Tally} what the mocha suite in the extension host wrote down */
export function ofMocha(report, exitCode) {
  const run = read(report);
  if (run === null) return step(false);
  const { passes, failures, pending } = run.stats;
  return neverSilent({ passed: passes, failed: failures, skipped: pending }, exitCode);
}

/** A runner that ends badly, or that ran nothing at all, has failed, whatever its report says. */
function neverSilent(tally, exitCode) {
  const nothing = tally.passed + tally.failed + tally.skipped === 0;
  return tally.failed === 0 && (exitCode !== 0 || nothing) ? { ...tally, failed: 1 } : tally;
}

function read(report) {
  try {
    return JSON.parse(fs.readFileSync(report, 'utf8'));
  } catch {
    return null;
  }
}

/** How many tests the *.test.ts files of a folder declare, by reading them: `test(…)` or `it(…)` at the start of a line. */
export function declaredIn(folder) {
  const files = fs.readdirSync(folder, { recursive: true }).filter((name) => /\.test\.tsx?$/.test(String(name)));
  const texts = files.map((name) => fs.readFileSync(path.join(folder, String(name)), 'utf8'));
  return texts.reduce((count, text) => count + (text.match(/^\s*(?:test|it)(?:\.\w+)*\s*[(`]/gm)?.length ?? 0), 0);
}
