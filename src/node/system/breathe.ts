/** Long work in small slices: the main thread of an editor must stay free to answer. */

/** Milliseconds of work after which the event loop gets a turn: half of a frame at 60 Hz. */
const SLICE_MS = 8;

/** A function to be awaited between two steps of long work; it lets others run as soon as a slice is used up. */
export function breather(): () => Promise<void> | undefined {
  let last = performance.now();
  const turn = async (): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    last = performance.now();
  };
  return () => (performance.now() - last < SLICE_MS ? undefined : turn());
}
