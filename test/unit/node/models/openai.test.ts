import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type Model, type ModelRequest, NOTHING_KNOWN } from '../../../../src/core/ports/model';
import { createOpenAiModel } from '../../../../src/node/models/openai/model';
import { createResponsesModel } from '../../../../src/node/models/openai/responses/model';
import { parseBaseUrl } from '../../../../src/node/models/shared/server';
import { chunk } from '../../../support/openaiServer';
import { events, words } from '../../../support/responsesServer';

const loaded = vi.hoisted(() => ({ sdk: false }));
vi.mock('openai', (original) => {
  loaded.sdk = true;
  return original();
});

const sent: { url: string; body: unknown }[] = [];
let answer = '';
beforeEach(() => void sent.splice(0));

const ADAPTERS = { chat: createOpenAiModel, responses: createResponsesModel };

function openai(protocol: keyof typeof ADAPTERS, key?: string): Model {
  const server = parseBaseUrl('https://api.openai.com/v1');
  if (!server.ok) throw new Error(server.error);
  const fetch: typeof globalThis.fetch = async (url, init) => {
    sent.push({ url: String(url), body: JSON.parse(String(init?.body)) });
    return new Response(answer, { headers: { 'content-type': 'text/event-stream' } });
  };
  return ADAPTERS[protocol]({
    provider: 'openai',
    name: 'gpt-5',
    server: server.value,
    key,
    facts: NOTHING_KNOWN,
    transport: { fetch },
    monotonic: () => 0,
  });
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
    for (const protocol of ['chat', 'responses'] as const) {
      expect(await openai(protocol).invoke(request, options)).toMatchObject({ code: 'key_missing' });
    }
    expect(loaded.sdk).toBe(false);
    expect(sent).toEqual([]);
  });

  test('is asked at its address, with the name it knows for the output limit and without an empty list of tools', async () => {
    answer = chunk({ content: 'Hi' }, 'stop');
    expect(await openai('chat', 'sk-canary').invoke(request, options)).toMatchObject({ kind: 'reply', text: 'Hi' });
    expect(loaded.sdk).toBe(true);
    const body = {
      model: 'gpt-5',
      messages: [{ role: 'user', content: 'Hello' }],
      max_completion_tokens: 5,
      stream: true,
      stream_options: { include_usage: true },
    };
    expect(sent).toEqual([{ url: 'https://api.openai.com/v1/chat/completions', body }]);
  });

  test('is asked over the Responses API at its own address, and stores nothing', async () => {
    answer = events(words('Hi')).join('');
    expect(await openai('responses', 'sk-canary').invoke(request, options)).toMatchObject({
      kind: 'reply',
      text: 'Hi',
    });
    const body = {
      model: 'gpt-5',
      input: [{ type: 'message', role: 'user', content: 'Hello' }],
      include: ['reasoning.encrypted_content'],
      max_output_tokens: 5,
      store: false,
      stream: true,
    };
    expect(sent).toEqual([{ url: 'https://api.openai.com/v1/responses', body }]);
  });
});
