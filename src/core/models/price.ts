/**
 * What models cost. A list price is a claim with a date; where none is known, the cost is not known, which is never
 * taken as nothing.
 */
import type { Price, Usage } from '../events/parts';
import { own } from '../kernel/own';

const per = (input: number, output: number): Price => ({ input, output });

/**
 * US dollars for a million tokens in and out, OpenAI's standard tier as of March 2026. A price that has changed since is
 * wrong here until this list is; whoever needs certainty limits tokens.
 */
const OPENAI: Readonly<Record<string, Price>> = {
  'gpt-5': per(1.25, 10),
  'gpt-5-mini': per(0.25, 2),
  'gpt-5-nano': per(0.05, 0.4),
  'gpt-4.1': per(2, 8),
  'gpt-4.1-mini': per(0.4, 1.6),
  'gpt-4.1-nano': per(0.1, 0.4),
  'gpt-4o': per(2.5, 10),
  'gpt-4o-2024-05-13': per(5, 15),
  'gpt-4o-mini': per(0.15, 0.6),
  o1: per(15, 60),
  o3: per(2, 8),
  'o3-mini': per(1.1, 4.4),
  'o4-mini': per(1.1, 4.4),
};

/** A model that costs nothing for each token. */
export const FREE: Price = { input: 0, output: 0 };

const DATED = /-\d{4}-\d{2}-\d{2}$/;

/** The list price of a model by its id; null when it is not known. A dated version costs what its model does. */
export function priceOf(provider: string, name: string): Price | null {
  if (provider === 'recorded') return FREE;
  if (provider !== 'openai') return null;
  return own(OPENAI, name) ?? own(OPENAI, name.replace(DATED, '')) ?? null;
}

/** Where a model is asked for, as far as its price depends on it. */
type Place = {
  readonly provider: string;
  readonly name: string;
  readonly destination: string;
  readonly local: boolean;
};

/** The price of a model where it is: a list price holds only at the provider itself, and what runs here is free. */
export function priceAt({ provider, name, destination, local }: Place): Price | null {
  if (local) return FREE;
  return destination === 'api.openai.com' ? priceOf(provider, name) : null;
}

/** US dollars for this usage. What was cached is charged as all input is: the price of it is not ours to know. */
export function costOf({ input, output }: Pick<Usage, 'input' | 'output'>, price: Price): number {
  return (input * price.input + output * price.output) / 1_000_000;
}
