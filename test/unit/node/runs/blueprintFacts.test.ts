/** What the editor of a blueprint is told besides its text. */
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Blueprint } from '../../../../src/core/blueprint/schema';
import { blueprintFacts } from '../../../../src/node/runs/blueprintFacts';
import { sampleFolder } from '../../../support/cli';

const ASSETS = path.resolve(import.meta.dirname, '../../../..');
const naming = (model?: string): Blueprint => ({ ...(model === undefined ? {} : { model }) }) as Blueprint;
const price = async (folder: string | null, model?: string, baseUrl?: string, own?: string) =>
  (await blueprintFacts(folder, ASSETS, { model, baseUrl })).priceOf(naming(own));

test('the toolsets and providers that there are', async () => {
  const { known } = await blueprintFacts(null, ASSETS, { model: undefined, baseUrl: undefined });
  expect([...known.toolsets.keys()]).toEqual(expect.arrayContaining(['coding', 'read_only']));
  expect(known.providers).toContain('recorded');
});

test('the price is that of the configured model', async () => {
  expect(await price(null, 'openai:gpt-4o')).toEqual({ input: 2.5, output: 10 });
  expect(await price(null, 'openai:gpt-4o', undefined, 'openai:o1')).toEqual({ input: 2.5, output: 10 });
});

test('without a configured model it is that of the one that the blueprint names', async () => {
  expect(await price(null, undefined, undefined, 'openai:o1')).toEqual({ input: 15, output: 60 });
});

test('a recording of the folder, and a server on this machine, cost nothing', async () => {
  expect(await price(sampleFolder())).toEqual({ input: 0, output: 0 });
  expect(await price(null, 'openai-compatible:any', 'http://127.0.0.1:1/v1')).toEqual({ input: 0, output: 0 });
});

test.each([
  ['no model', undefined, undefined],
  ['a model without a list price', 'openai:unheard-of', undefined],
  ['a list price at another place', 'openai:gpt-4o', 'https://example.com/v1'],
  ['no provider of ours', 'acme:x', undefined],
  ['no address', 'openai-compatible:x', undefined],
  ['no text of that form', 'x', undefined],
])('%s: the cost is not known', async (_what, model, baseUrl) => {
  expect(await price(null, model, baseUrl)).toBeNull();
});
