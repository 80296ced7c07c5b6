/** Tokens of exchanges whose server reports none. */
import { describe, expect, it } from 'vitest';
import type { ModelRequest } from '../../../../src/core/ports/model';
import { countedUsage } from '../../../../src/node/models/shared/tokens';
import { estimateUsage } from '../../../../src/node/models/shared/usage';

const asking = (content: string): ModelRequest => ({
  messages: [{ role: 'user', content }],
  tools: [],
  maxOutputTokens: 100,
  signature: '0'.repeat(64),
});

const usageOf = (content: string, text = '') => {
  const [request, reply] = [asking(content), { text, toolCalls: [] }];
  return countedUsage(estimateUsage(request, reply), request, reply);
};

describe('the usage of an exchange that nobody reported', () => {
  it('is counted by the words, and says that it is an estimate', async () => {
    const usage = await usageOf('hello world', 'Good morning to you.');
    expect(usage).toEqual({ input: 2, output: 5, cached: 0, estimated: true });
  });

  it('counts what looks like a control token as the text that it is', async () => {
    const { input } = await usageOf('<|endoftext|>');
    expect(input).toBeGreaterThan(1);
  });

  it.each([
    ['words', 'the quick brown fox '.repeat(50_000), 200_000],
    ['a single letter', 'a'.repeat(1_000_000), 125_000],
  ])('takes the rest of a long text to be like its beginning: %s', async (_what, text, tokens) => {
    const { input } = await usageOf(text);
    expect(input / tokens).toBeGreaterThan(0.95);
    expect(input / tokens).toBeLessThan(1.05);
  });
});
