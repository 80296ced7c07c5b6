/** Sees that the index of a store was replaced, by this process or another one. */
import { watch } from 'node:fs';
import { messageOf } from '../../core/kernel/errors';
import { INDEX_NAME } from './layout';

const SETTLE_MS = 100;

/**
 * Calls `onChange` some time after the index of one of the roots was replaced; many changes at once are one call. A root
 * that cannot be watched is told to `log`. Answers how to stop.
 */
export function watchIndexes(roots: readonly string[], onChange: () => void, log: (line: string) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      onChange();
    }, SETTLE_MS).unref();
  };
  const stops = roots.map((root) => watchIndex(root, soon, log));
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

function watchIndex(root: string, onChange: () => void, log: (line: string) => void): () => void {
  try {
    const watcher = watch(root, { persistent: false }, (_kind, name) => {
      if (name === null || name === INDEX_NAME) onChange();
    });
    watcher.on('error', (error) => log(`${root} is not watched any more: ${messageOf(error)}`));
    return () => watcher.close();
  } catch (error) {
    log(`${root} cannot be watched, so that changes by other windows show late: ${messageOf(error)}`);
    return () => undefined;
  }
}
