/**
 * What models cost. A list price is a claim with a date; where none is known, the cost is not known, which is never
 * taken as nothing.
 */
import type { Price, Usage } from '../events/parts';

/** A model that costs nothing for each token. */
export const FREE: Price = { input: 0, output: 0 };

type Charged = Pick<Usage, 'input' | 'output'> & Partial<Pick<Usage, 'cached' | 'cacheWrite'>>;

/**
 * US dollars for this usage. Input that was read from the provider's cache or written to it is charged at the price of
 * that where it is known, else as all input is.
 */
export function costOf({ input, output, cached = 0, cacheWrite = 0 }: Charged, price: Price): number {
  const read = Math.min(cached, input);
  const written = Math.min(cacheWrite, input - read);
  // Added to the plain sum, so that a price without a cache costs to the last digit what it did before there was one.
  const besides =
    read * ((price.cacheRead ?? price.input) - price.input) +
    written * ((price.cacheWrite ?? price.input) - price.input);
  return (input * price.input + output * price.output + besides) / 1_000_000;
}
