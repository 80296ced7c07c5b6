/** A project command that stops in its middle until the test lets it go on: for what happens while a run goes on. */
import fs from 'node:fs';
import path from 'node:path';
import { vi } from 'vitest';
import { type CliEnd, ONE_TEST_PASSES, project, temporaryFolder } from './cli';
import { withoutConfinement } from './confinement';

const PATIENCE_MS = 20_000;

export type Gate = {
  /** Files for the work tree: the program, and the project file that declares it as test and format command. */
  readonly files: Readonly<Record<string, string>>;
  /** Resolves with the process id of the command as soon as it has done its first part; rejects when `end` comes first. */
  reached(end?: Promise<CliEnd>): Promise<number>;
  open(): void;
};

/**
 * A gate; its command is not confined, or it could not be reached. `before` and `after` are JavaScript (with `fs`) that the command
 * does on either side of it.
 */
export function makeGate(before = '', after = ''): Gate {
  withoutConfinement();
  const folder = temporaryFolder();
  const [started, go] = ['started', 'go'].map((name) => path.join(folder, name)) as [string, string];
  const program = `import fs from 'node:fs';
${before}
fs.writeFileSync(${JSON.stringify(`${started}.new`)}, String(process.pid));
fs.renameSync(${JSON.stringify(`${started}.new`)}, ${JSON.stringify(started)});
while (!fs.existsSync(${JSON.stringify(go)})) await new Promise((resolve) => setTimeout(resolve, 20));
${after}${ONE_TEST_PASSES}`;
  const command = 'node tools/gate.mjs';
  return {
    files: { 'tools/gate.mjs': program, '.openexec/project.yaml': project({ test: command, format: command }) },
    reached: (end) => {
      const begun = vi.waitFor(() => Number(fs.readFileSync(started, 'utf8')), { timeout: PATIENCE_MS, interval: 20 });
      return end === undefined ? begun : Promise.race([begun, end.then(tooEarly)]);
    },
    open: () => fs.writeFileSync(go, ''),
  };
}

function tooEarly({ stderr }: CliEnd): never {
  throw new Error(`the run ended before its command was reached:\n${stderr}`);
}
