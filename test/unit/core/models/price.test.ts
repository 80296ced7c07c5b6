import { describe, expect, it } from 'vitest';
import { CATALOGUE, listed } from '../../../../src/core/models/catalogue';
import { dearestInput } from '../../../../src/core/models/dearest';
import { factsOf, type Place } from '../../../../src/core/models/facts';
import { costOf, FREE } from '../../../../src/core/models/price';
import { NO_SETTINGS, parseModelSettings } from '../../../../src/core/models/settings';

const MINI = { input: 0.15, output: 0.6, cacheRead: 0.075 };
const OPENAI: Place = {
  provider: 'openai',
  name: 'gpt-4o-mini',
  host: 'api.openai.com',
  loopback: false,
  server: null,
};
const factsFor = (place: Partial<Place>, prices?: unknown, models?: unknown) => {
  const settings = models === undefined && prices === undefined ? NO_SETTINGS : parseModelSettings(models, prices);
  const entry = settings.servers.get(place.provider ?? 'openai');
  return factsOf({ ...OPENAI, server: entry?.ok ? entry.value : null, ...place }, settings);
};

describe('the list of models', () => {
  it('says of each when it was so, and never a price of nothing', () => {
    expect(CATALOGUE.length).toBeGreaterThan(20);
    for (const { name, asOf, price } of CATALOGUE) {
      expect(asOf, name).toMatch(/^20\d\d-(0[1-9]|1[0-2])$/);
      expect(price.input, name).toBeGreaterThan(0);
      expect(price.output, name).toBeGreaterThan(price.input);
    }
  });

  it('names each model once', () => {
    const names = CATALOGUE.map(({ provider, name }) => `${provider}:${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('holds for dated versions, unless these have a price of their own', () => {
    expect(listed('openai', 'gpt-4o-mini')?.price).toEqual(MINI);
    expect(listed('openai', 'gpt-4o-mini-2024-07-18')?.price).toEqual(MINI);
    expect(listed('openai', 'gpt-4o-2024-05-13')?.price).toEqual({ input: 5, output: 15 });
    expect(listed('anthropic', 'claude-sonnet-4-5-20250929')?.price).toMatchObject({ input: 3, output: 15 });
  });

  it('charges a cache of Anthropic at 1.25 times the input when it is written', () => {
    for (const { provider, price } of CATALOGUE) {
      if (provider === 'anthropic') expect(price.cacheWrite).toBe(price.input * 1.25);
    }
  });

  it.each([
    ['openai', 'gpt-4o-mini-tuned'],
    ['openai', 'constructor'],
    ['openai', 'claude-opus-5'],
    ['openai-compatible', 'gpt-4o-mini'],
    ['nobody', 'gpt-4o-mini'],
    ['toString', 'x'],
  ])('does not know %s:%s', (provider, name) => {
    expect(listed(provider, name)).toBeNull();
  });
});

describe('what is known of a model where it is asked', () => {
  it('is the list, at the provider itself', () => {
    expect(factsFor({})).toEqual({
      ok: true,
      value: { contextTokens: 128_000, outputTokens: 16_384, price: MINI },
    });
  });

  it('is nothing where somebody else answers under the name of a provider', () => {
    const value = { contextTokens: null, outputTokens: null, price: null };
    expect(factsFor({ host: 'proxy.example.com' })).toEqual({ ok: true, value });
    expect(factsFor({ host: 'api.openai.com.example.com' })).toEqual({ ok: true, value });
  });

  it('is a price of nothing on this machine, and only there', () => {
    expect(factsFor({ host: 'localhost:11434', loopback: true })).toMatchObject({ value: { price: FREE } });
  });

  it('is what a person has set, before everything else', () => {
    const entry = {
      protocol: 'chat',
      baseUrl: 'http://10.0.0.2/v1',
      contextTokens: 8192,
      price: { input: 1, output: 2 },
    };
    const at = { provider: 'mine', name: 'llama', host: '10.0.0.2' };
    expect(factsFor(at, undefined, { mine: entry })).toEqual({
      ok: true,
      value: { contextTokens: 8192, outputTokens: null, price: { input: 1, output: 2 } },
    });
    const prices = {
      'mine:llama': { input: 3, output: 4, cacheRead: 0.3 },
      'openai:gpt-4o-mini': { input: 9, output: 9 },
    };
    expect(factsFor(at, prices, { mine: entry })).toMatchObject({
      value: { price: { input: 3, output: 4, cacheRead: 0.3 } },
    });
    expect(factsFor({}, prices)).toMatchObject({ value: { price: { input: 9, output: 9 }, contextTokens: 128_000 } });
  });

  it('is refused when the price that was set makes no sense, for that model alone', () => {
    const prices = { 'openai:gpt-4o-mini': { input: -1, output: 2 } };
    expect(factsFor({}, prices)).toMatchObject({
      ok: false,
      error: expect.stringMatching(/"openai:gpt-4o-mini" of the setting openexec\.prices/),
    });
    expect(factsFor({ name: 'gpt-4o' }, prices)).toMatchObject({ ok: true, value: { price: { input: 2.5 } } });
  });
});

describe('the cost of a reply', () => {
  it('is by the million tokens in and out', () => {
    expect(costOf({ input: 1_000_000, output: 500_000 }, { input: 2, output: 8 })).toBe(6);
    expect(costOf({ input: 123, output: 45 }, FREE)).toBe(0);
  });

  it('charges what was read from the cache, and what was written to it, at the price of that', () => {
    const price = { input: 4, output: 20, cacheRead: 0.4, cacheWrite: 5 };
    const usage = { input: 1_000_000, output: 0, cached: 500_000, cacheWrite: 100_000 };
    expect(costOf(usage, price)).toBeCloseTo(0.2 + 0.5 + 1.6, 10);
  });

  it('charges it as all input is where that is not known, to the last digit', () => {
    const price = { input: 0.15, output: 0.6 };
    const plain = { input: 12_345, output: 678 };
    expect(costOf({ ...plain, cached: 11_111, cacheWrite: 77 }, price)).toBe(costOf(plain, price));
  });

  it('is never below what a server can have meant that reports more from its cache than was sent', () => {
    const price = { input: 4, output: 20, cacheRead: 0.4, cacheWrite: 5 };
    expect(costOf({ input: 10, output: 0, cached: 1000, cacheWrite: 1000 }, price)).toBeCloseTo((10 * 0.4) / 1e6, 15);
  });

  it('is reserved at the dearest that input can be', () => {
    expect(dearestInput({ input: 4, output: 20, cacheRead: 0.4, cacheWrite: 5 })).toBe(5);
    expect(dearestInput({ input: 4, output: 20 })).toBe(4);
  });
});
