import { describe, expect, it } from 'vitest';
import { costOf, priceAt, priceOf } from '../../../../src/core/models/price';

const FREE = { input: 0, output: 0 };
const OPENAI = { provider: 'openai', destination: 'api.openai.com', local: false };

describe('the price of a model', () => {
  it('is the list price of the provider, for dated versions as well', () => {
    expect(priceOf('openai', 'gpt-4o-mini')).toEqual({ input: 0.15, output: 0.6 });
    expect(priceOf('openai', 'gpt-4o-mini-2024-07-18')).toEqual({ input: 0.15, output: 0.6 });
    expect(priceOf('openai', 'gpt-4o-2024-05-13')).toEqual({ input: 5, output: 15 });
  });

  it.each([
    ['openai', 'gpt-4o-mini-tuned'],
    ['openai', 'constructor'],
    ['openai-compatible', 'gpt-4o-mini'],
    ['nobody', 'gpt-4o-mini'],
  ])('is not known, and never taken as nothing, for %s:%s', (provider, name) => {
    expect(priceOf(provider, name)).toBeNull();
  });

  it('is nothing for a recording and for what runs on this machine', () => {
    expect(priceOf('recorded', 'sample')).toEqual(FREE);
    expect(priceAt({ provider: 'openai-compatible', name: 'llama', destination: 'this machine', local: true })).toEqual(
      FREE,
    );
  });

  it('is not known where somebody else answers under the name of a provider', () => {
    expect(priceAt({ ...OPENAI, name: 'gpt-4o-mini' })).toEqual({ input: 0.15, output: 0.6 });
    expect(priceAt({ ...OPENAI, name: 'gpt-4o-mini', destination: 'proxy.example.com' })).toBeNull();
  });

  it('makes the cost of a reply, by the million tokens in and out', () => {
    expect(costOf({ input: 1_000_000, output: 500_000 }, { input: 2, output: 8 })).toBe(6);
    expect(costOf({ input: 123, output: 45 }, FREE)).toBe(0);
  });
});
