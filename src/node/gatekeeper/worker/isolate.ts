/**
 * Takes network and voice away from the thread: @xenova/transformers is told to load nothing from elsewhere, and could not
 * if it wanted to; and what it would print is nothing for a terminal whose output may be read by a program.
 */

/** For the whole thread, and for good. */
export function isolate(): void {
  const refuse = (): never => {
    throw new Error('the local model has no network');
  };
  const silence = (): void => undefined;
  Object.assign(console, { debug: silence, info: silence, log: silence, warn: silence, error: silence });
  // Headers are those of a file here, for which a map will do. The real ones load the whole HTTP client of Node.
  for (const [name, value] of Object.entries({ fetch: refuse, Headers: Map }))
    Object.defineProperty(globalThis, name, { value, configurable: true });
}
