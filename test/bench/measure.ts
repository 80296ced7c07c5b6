/** How things are measured here. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

export const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
};

export const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Milliseconds of the main thread's time that the work took, waiting for the disk not counted. */
export async function busyMilliseconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.eventLoopUtilization();
  await work();
  return performance.eventLoopUtilization(start).active;
}

/** The longest time in milliseconds for which the event loop could do nothing else, while the work was under way. */
export async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  // The monitor's own timer has to have been set before the work begins.
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.reset();
  await work();
  await new Promise((resolve) => setTimeout(resolve, 5));
  delay.disable();
  return Math.max(0, delay.max / 1e6 - resolution);
}

/** Bytes on the heap that are still in use. The program has to be started with --expose-gc. */
export function heapInUse(): number {
  if (globalThis.gc === undefined) throw new Error('start with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
