/**
 * Entry point of the mocha suite inside the extension host, both for @vscode/test-electron and for the code-server host.
 * It runs every *.test.js beside it, and writes what came of it for the runner to read.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import Mocha from 'mocha';

interface Result {
  readonly state: 'passed' | 'failed' | 'skipped';
  readonly title: string;
  readonly error?: string;
}

export async function run(): Promise<void> {
  const grep = process.env.OPENEXEC_MOCHA_GREP;
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000, color: false, ...(grep ? { grep } : {}) });
  const files = fs.readdirSync(__dirname).filter((name) => name.endsWith('.test.js'));
  for (const name of files.sort()) mocha.addFile(path.join(__dirname, name));

  const results: Result[] = [];
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run((count) => {
      const report = process.env.OPENEXEC_MOCHA_REPORT;
      if (report) fs.writeFileSync(report, JSON.stringify({ stats: runner.stats, results }, null, 1));
      resolve(count);
    });
    runner.on('pass', (test) => results.push({ state: 'passed', title: test.fullTitle() }));
    runner.on('pending', (test) => results.push({ state: 'skipped', title: test.fullTitle() }));
    runner.on('fail', (test, error: unknown) => {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      results.push({ state: 'failed', title: test.fullTitle(), error: text });
    });
  });
  if (failures > 0) throw new Error(`${failures} test(s) failed`);
}
