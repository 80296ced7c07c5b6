/** Questions to the person at the terminal: asked on standard error, for standard output belongs to programs. */
import { createInterface } from 'node:readline/promises';

export type Terminal = {
  /** False when nobody can be asked. */
  readonly present: boolean;
  /** Writes lines; the text is made visible by the caller. */
  readonly say: (text: string) => void;
  /** The answer in one line; null when there is none: the signal aborted, or the input has ended. */
  readonly question: (text: string, signal?: AbortSignal) => Promise<string | null>;
};

/** The terminal of this process. */
export const processTerminal = (): Terminal => ({
  present: process.stdin.isTTY === true,
  say: (text) => void process.stderr.write(`${text}\n`),
  question,
});

async function question(text: string, signal?: AbortSignal): Promise<string | null> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A line that is being edited keeps Ctrl-C for itself; it means here what it means at any other time.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const ended = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)));
  try {
    return await Promise.race([ended, terminal.question(text, { ...(signal ? { signal } : {}) })]);
  } catch {
    return null;
  } finally {
    terminal.close();
  }
}
