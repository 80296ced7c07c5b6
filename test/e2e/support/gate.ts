/**
 * Holds the sample's tests back until a test lets them go: a `node` in front of the PATH that waits before it becomes the
 * real one. The folder and its declared commands stay as they are, so that the recording fits.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export type Gate = {
  /** For the server's environment. */
  readonly env: Readonly<Record<string, string>>;
  shut(): void;
  open(): void;
  /** The process id of the command that waits at the gate, or waited there last; null when none came since `shut`. */
  waiting(): number | null;
  remove(): void;
};

export function makeGate(): Gate {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'oe-gate-'));
  const closed = path.join(folder, 'closed');
  const waiting = path.join(folder, 'pid');
  const shim = `#!/bin/sh
case "$*" in tools/test.mjs)
  if [ -e '${closed}' ]; then echo $$ > '${waiting}.new'; mv '${waiting}.new' '${waiting}'; fi
  while [ -e '${closed}' ]; do sleep 0.1; done;;
esac
exec '${process.execPath}' "$@"
`;
  writeFileSync(path.join(folder, 'node'), shim);
  // A confined command would not see the gate.
  writeFileSync(path.join(folder, 'bwrap'), '#!/bin/sh\nexit 1\n');
  for (const name of ['node', 'bwrap']) chmodSync(path.join(folder, name), 0o755);
  return {
    // With VSCODE_CLI the server takes the PATH as it is given, instead of asking the person's login shell for one.
    env: { VSCODE_CLI: '1', PATH: `${folder}${path.delimiter}${process.env.PATH ?? ''}` },
    shut: () => {
      rmSync(waiting, { force: true });
      writeFileSync(closed, '');
    },
    open: () => rmSync(closed, { force: true }),
    waiting: () => (existsSync(waiting) ? Number(readFileSync(waiting, 'utf8')) : null),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
