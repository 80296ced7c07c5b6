/**
 * What is known of the providers' own models: list prices in US dollars for a million tokens, of the standard tier, and
 * limits in tokens. Claims with a date: what a provider changes afterwards is wrong here until this list is, and
 * `openexec.prices` comes before it. What is not listed is not known, which is never taken as nothing.
 *
 * Sources: platform.claude.com (pages of the models and of pricing), developers.openai.com (the same).
 */
import type { Price } from '../events/parts';
import { own } from '../kernel/own';

export type CatalogueEntry = {
  readonly provider: 'anthropic' | 'openai';
  readonly name: string;
  /** Tokens of request and reply together, as far as the price holds: a model that costs more beyond a size ends there. */
  readonly contextTokens: number | null;
  readonly outputTokens: number | null;
  readonly price: Price;
  /** The month in which this was so, as `2026-11`. */
  readonly asOf: string;
};

type Row = readonly [name: string, context: number | null, output: number | null, price: Price];

/** A cache that lives for five minutes is written at 1.25 times the price of input. */
const claude = (input: number, output: number, cacheRead?: number): Price => ({
  input,
  output,
  ...(cacheRead === undefined ? {} : { cacheRead }),
  cacheWrite: input * 1.25,
});
const gpt = (input: number, cacheRead: number, output: number, cacheWrite?: number): Price => ({
  input,
  output,
  cacheRead,
  ...(cacheWrite === undefined ? {} : { cacheWrite }),
});

const ANTHROPIC: readonly Row[] = [
  ['claude-fable-5-1', 1_000_000, 128_000, claude(10, 50)],
  ['claude-fable-5', 1_000_000, 128_000, claude(10, 50, 1)],
  ['claude-opus-5-5', 1_000_000, 128_000, claude(4, 20, 0.2)],
  ['claude-opus-5', 1_000_000, 128_000, claude(5, 25, 0.5)],
  ['claude-opus-4-8', null, null, claude(5, 25, 0.5)],
  ['claude-opus-4-7', null, null, claude(5, 25, 0.5)],
  ['claude-opus-4-6', 1_000_000, 128_000, claude(5, 25, 0.5)],
  ['claude-opus-4-5', 200_000, 64_000, claude(5, 25, 0.5)],
  // What is read from its cache is charged as all input: sources differ on that price.
  ['claude-sonnet-5-5', 1_000_000, 128_000, claude(2, 10)],
  ['claude-sonnet-5', 1_000_000, 128_000, claude(2, 10, 0.2)],
  ['claude-sonnet-4-6', 200_000, 64_000, claude(3, 15, 0.3)],
  ['claude-sonnet-4-5', 200_000, 64_000, claude(3, 15, 0.3)],
  ['claude-haiku-4-5', 200_000, 64_000, claude(1, 5, 0.1)],
];

/** Beyond 272,000 tokens of input another price holds. */
const SHORT = 272_000;

const OPENAI: readonly Row[] = [
  ['gpt-6.2-sol', SHORT, 128_000, gpt(2, 0.1, 10, 2.5)],
  ['gpt-6.1-sol', SHORT, 128_000, gpt(2, 0.1, 10, 2.5)],
];

/** As these were in March 2026. */
const OPENAI_BEFORE: readonly Row[] = [
  ['gpt-5.2', 400_000, 128_000, gpt(1.75, 0.175, 14)],
  ['gpt-5.1', 400_000, 128_000, gpt(1.25, 0.125, 10)],
  ['gpt-5', 400_000, 128_000, gpt(1.25, 0.125, 10)],
  ['gpt-5-mini', 400_000, 128_000, gpt(0.25, 0.025, 2)],
  ['gpt-5-nano', 400_000, 128_000, gpt(0.05, 0.005, 0.4)],
  ['gpt-4.1', 1_047_576, 32_768, gpt(2, 0.5, 8)],
  ['gpt-4.1-mini', 1_047_576, 32_768, gpt(0.4, 0.1, 1.6)],
  ['gpt-4.1-nano', 1_047_576, 32_768, gpt(0.1, 0.025, 0.4)],
  ['gpt-4o', 128_000, 16_384, gpt(2.5, 1.25, 10)],
  ['gpt-4o-2024-05-13', 128_000, 4_096, { input: 5, output: 15 }],
  ['gpt-4o-mini', 128_000, 16_384, gpt(0.15, 0.075, 0.6)],
  ['o1', 200_000, 100_000, gpt(15, 7.5, 60)],
  ['o3', 200_000, 100_000, gpt(2, 0.5, 8)],
  ['o3-mini', 200_000, 100_000, gpt(1.1, 0.55, 4.4)],
  ['o4-mini', 200_000, 100_000, gpt(1.1, 0.275, 4.4)],
];

const entries = (provider: CatalogueEntry['provider'], asOf: string, rows: readonly Row[]): CatalogueEntry[] =>
  rows.map(([name, contextTokens, outputTokens, price]) => ({
    provider,
    name,
    contextTokens,
    outputTokens,
    price,
    asOf,
  }));

/** Every model that is known, newer ones first in each provider. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  ...entries('anthropic', '2026-11', ANTHROPIC),
  ...entries('openai', '2026-11', OPENAI),
  ...entries('openai', '2026-03', OPENAI_BEFORE),
];

const BY_ID: Readonly<Record<string, CatalogueEntry>> = Object.fromEntries(
  CATALOGUE.map((entry) => [`${entry.provider}:${entry.name}`, entry]),
);

const DATED = { anthropic: /-\d{8}$/, openai: /-\d{4}-\d{2}-\d{2}$/ } as const;

/** What is known of a model at its own provider; null when nothing is. A dated version is what its model is. */
export function listed(provider: string, name: string): CatalogueEntry | null {
  const dated = own<RegExp>(DATED, provider);
  if (dated === undefined) return null;
  return own(BY_ID, `${provider}:${name}`) ?? own(BY_ID, `${provider}:${name.replace(dated, '')}`) ?? null;
}
