/** The dearest that input can be: what a call is reserved at before anybody knows what the provider's cache will do. */
import type { Price } from '../events/parts';

/** US dollars for a million tokens of input at the worst; writing a cache may cost more than plain input does. */
export const dearestInput = ({ input, cacheRead = 0, cacheWrite = 0 }: Price): number =>
  Math.max(input, cacheRead, cacheWrite);
