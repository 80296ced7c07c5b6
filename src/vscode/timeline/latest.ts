/** Work of which only the newest request matters, such as what to show while a slider is dragged. */

/**
 * Answers a function that does `work` for what it is given: one at a time, and of all that came while one was under way
 * only the last. `work` must not reject.
 */
export function latestOnly<T>(work: (item: T) => Promise<void>): (item: T) => void {
  let next: { readonly item: T } | null = null;
  let working = false;
  const run = async (): Promise<void> => {
    working = true;
    while (next !== null) {
      const { item } = next;
      next = null;
      await work(item);
    }
    working = false;
  };
  return (item) => {
    next = { item };
    if (!working) void run();
  };
}
