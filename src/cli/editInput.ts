/** The input of a call as the person at the terminal changes it: in their editor, or in a line. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { messageOf } from '../core/kernel/errors';
import { err, ok, type Result } from '../core/kernel/result';
import { parseCallInput } from '../protocol/callInput';
import type { Terminal } from './terminal';

/**
 * The input as JSON text, out of the one that was asked for; the error is one line that says why there is none. `editor`
 * is a program with its arguments, as in $EDITOR; empty or undefined: the input is asked for in a line.
 */
export async function editInput(
  input: string,
  editor: string | undefined,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Result<string, string>> {
  const [program, ...args] = (editor ?? '').split(/\s+/).filter((word) => word !== '');
  const written =
    program === undefined ? await inLine(terminal, signal) : await inEditor(program, args, laidOut(input), signal);
  if (!written.ok) return written;
  const parsed = parseCallInput(written.value);
  return parsed.ok ? ok(JSON.stringify(parsed.value)) : parsed;
}

async function inLine(terminal: Terminal, signal: AbortSignal): Promise<Result<string, string>> {
  const line = await terminal.question('The arguments as you want them, as JSON in one line: ', signal);
  return line === null ? err('No arguments were given.') : ok(line);
}

/** What a model wrote may be no JSON; a person can still make it some. */
function laidOut(input: string): string {
  const parsed = parseCallInput(input);
  return parsed.ok ? `${JSON.stringify(parsed.value, null, 2)}\n` : input;
}

/** The editor has the terminal until it ends. The file is gone afterwards: what is wanted of it is recorded. */
async function inEditor(
  program: string,
  args: readonly string[],
  text: string,
  signal: AbortSignal,
): Promise<Result<string, string>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'openexec-edit-'));
  const file = path.join(folder, 'arguments.json');
  try {
    await writeFile(file, text, { mode: 0o600 });
    const failure = await ended(program, [...args, file], signal);
    return failure === null ? ok(await readFile(file, 'utf8')) : err(`The editor ${program} ${failure}.`);
  } catch (error) {
    return err(`What was edited cannot be read: ${messageOf(error)}.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Null when the program ended well, else what became of it. */
function ended(program: string, args: readonly string[], signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', signal });
    child.once('error', (error) => resolve(`could not be started (${messageOf(error)}); look at $EDITOR`));
    child.once('close', (code) => resolve(code === 0 ? null : `ended with ${code ?? 'a signal'}`));
  });
}
