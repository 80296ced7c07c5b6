/** What the editor of a blueprint is told besides its text. */
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Blueprint } from '../../../../src/core/blueprint/schema';
import { parseModelSettings } from '../../../../src/core/models/settings';
import { blueprintFacts } from '../../../../src/node/runs/blueprintFacts';
import { sampleFolder } from '../../../support/cli';

const ASSETS = path.resolve(import.meta.dirname, '../../../..');
const naming = (model?: string): Blueprint => ({ ...(model === undefined ? {} : { model }) }) as Blueprint;
const LAN = { protocol: 'chat', baseUrl: 'http://10.0.0.2/v1' };
const settings = parseModelSettings({ lan: LAN }, { 'lan:known': { input: 1, output: 2 } });
const price = async (folder: string | null, model?: string, baseUrl?: string, own?: string) =>
  (await blueprintFacts(folder, ASSETS, { model, baseUrl, settings })).priceOf(naming(own));

test('the toolsets and providers that there are', async () => {
  const { known } = await blueprintFacts(null, ASSETS, { model: undefined, baseUrl: undefined, settings });
  expect([...known.toolsets.keys()]).toEqual(expect.arrayContaining(['coding_backend', 'repo_readonly']));
  expect(known.providers).toEqual(expect.arrayContaining(['recorded', 'anthropic', 'lan']));
});

test('the price is that of the configured model', async () => {
  expect(await price(null, 'openai:gpt-4o')).toEqual({ input: 2.5, output: 10, cacheRead: 1.25 });
  expect(await price(null, 'openai:gpt-4o', undefined, 'openai:o1')).toEqual({
    input: 2.5,
    output: 10,
    cacheRead: 1.25,
  });
});

test('without a configured model it is that of the one that the blueprint names', async () => {
  expect(await price(null, undefined, undefined, 'openai:o1')).toEqual({ input: 15, output: 60, cacheRead: 7.5 });
});

test('a price that is set comes before none', async () => {
  expect(await price(null, 'lan:known')).toEqual({ input: 1, output: 2 });
  expect(await price(null, 'lan:other')).toBeNull();
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
