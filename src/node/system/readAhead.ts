/** Reading and working at the same time: the disk is asked for the next piece before the last one is dealt with. */

/**
 * The same items in the same order, each asked for while the one before is worked on: one more is in memory, never two.
 * Rejects where the source does; gives the source back however it ends.
 */
export async function* readAhead<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  const source = items[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<T>> => {
    const asked = source.next();
    // Should it fail, that is thrown where it is waited for; nobody may come to wait for it.
    asked.catch(() => undefined);
    return asked;
  };
  try {
    for (let next = ask(); ; ) {
      const { value, done } = await next;
      if (done === true) return;
      next = ask();
      yield value;
    }
  } finally {
    await source.return?.();
  }
}
