import { describe, expect, test, vi } from 'vitest';
import type { Model, ModelRequest } from '../../../../src/core/ports/model';
import { createModel, parseModelSpec } from '../../../../src/node/models/select';
import { chunk } from '../../../support/openaiServer';

const loaded = vi.hoisted(() => ({ sdk: false }));
vi.mock('openai', (original) => {
  loaded.sdk = true;
  return original();
});

async function openai(key?: string): Promise<Model> {
  const spec = parseModelSpec('openai:gpt-5');
  if (!spec.ok) throw new Error(spec.error.message);
  const made = await createModel(spec.value, { cassettes: '/nowhere', monotonic: () => 0, key });
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
}

const request: ModelRequest = {
  messages: [{ role: 'user', content: 'Hello' }],
  tools: [],
  maxOutputTokens: 5,
  signature: 'a'.repeat(64),
};
const options = { signal: new AbortController().signal, onDelta: () => {} };

describe("OpenAI's own server", () => {
  test('costs nothing to configure: the SDK is loaded with the first request that is made', async () => {
    expect(await (await openai()).invoke(request, options)).toMatchObject({ code: 'key_missing' });
    expect(loaded.sdk).toBe(false);
  });

  test('is asked at its address, with the name it knows for the output limit and without an empty list of tools', async () => {
    const sent: { url: string; init: RequestInit | undefined }[] = [];
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      sent.push({ url, init });
      return new Response(chunk({ content: 'Hi' }, 'stop'), { headers: { 'content-type': 'text/event-stream' } });
    });
    expect(await (await openai('sk-canary')).invoke(request, options)).toMatchObject({ kind: 'reply', text: 'Hi' });
    expect(loaded.sdk).toBe(true);
    expect(sent.map(({ url }) => url)).toEqual(['https://api.openai.com/v1/chat/completions']);
    expect(JSON.parse(String(sent[0]?.init?.body))).toEqual({
      model: 'gpt-5',
      messages: [{ role: 'user', content: 'Hello' }],
      max_completion_tokens: 5,
      stream: true,
      stream_options: { include_usage: true },
    });
  });
});
