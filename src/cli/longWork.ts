/** Progress of work that may take long: nothing for what is quick, then a line now and then, on standard error. */
import type { Progress } from '../core/ports/progress';

/** Milliseconds of silence before the first line, and between two of them. */
const EVERY_MS = 2000;

/** A progress that tells what is being done, as in `verifying`. */
export function longWork(doing: string): Progress {
  let last = performance.now();
  return {
    onProgress: (done, total) => {
      if (performance.now() - last < EVERY_MS) return;
      last = performance.now();
      process.stderr.write(`openexec: ${doing}: ${done}${total === null ? '' : ` of ${total}`}\n`);
    },
  };
}
