/** What the operating system of this machine can do to confine commands, for the tests that depend on it. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { findSandbox } from '../../src/node/sandbox/confine';

const { why } = await findSandbox(process.env, []);

/** Why commands are not confined here, for the title of what is skipped; null when they are. */
export const NOT_CONFINED_HERE = why;

const BY = process.platform === 'darwin' ? 'seatbelt' : 'bubblewrap';

/** What a command that ran here says of itself. */
export const CONFINEMENT =
  why === null ? `confined by ${BY}: writes only in the work tree, no network` : 'not confined';

/**
 * For the rest of a test, a bubblewrap that does not work comes first on the PATH: for commands that talk with the test
 * through files of their own, and for what must hold where nothing confines them. There is no way around macOS's sandbox.
 */
export function withoutConfinement(): void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oe-free-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.writeFileSync(path.join(folder, 'bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}${path.delimiter}${process.env.PATH ?? ''}`);
}
