/** What the contract tests of models share: a request, a local server per test, and ways to ask. */
import { createHash } from 'node:crypto';
import { afterEach, expect } from 'vitest';
import {
  type Model,
  type ModelDelta,
  type ModelFailure,
  type ModelReply,
  type ModelRequest,
  modelReplySchema,
} from '../../src/core/ports/model';
import { createOpenAiModel, type OpenAiOptions } from '../../src/node/models/openai/model';
import { parseBaseUrl } from '../../src/node/models/openai/server';
import * as chat from '../support/openaiServer';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const REQUEST: ModelRequest = {
  messages: [
    { role: 'system', content: 'You fix bugs.' },
    { role: 'user', content: 'Fix the bug — now.' },
  ],
  tools: [{ name: 'read_file', description: 'Reads a file.', parameters: { type: 'object', properties: {} } }],
  maxOutputTokens: 100,
  signature: sha256('request'),
};

export const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

export async function serve(...script: chat.Answer[]): Promise<chat.OpenAiServer> {
  const server = await chat.startOpenAiServer(...script);
  cleanups.push(() => server.close());
  return server;
}

export function modelOf(baseUrl: string, options: Partial<OpenAiOptions> = {}): Model {
  const server = parseBaseUrl(baseUrl);
  if (!server.ok) throw new Error(server.error);
  return createOpenAiModel({
    provider: 'openai-compatible',
    name: 'test-model',
    server: server.value,
    key: undefined,
    monotonic: () => performance.now(),
    ...options,
  });
}

type Asked = { readonly answer: ModelReply | ModelFailure; readonly deltas: string[] };

export async function ask(model: Model, signal = new AbortController().signal, request = REQUEST): Promise<Asked> {
  const deltas: string[] = [];
  const answer = await model.invoke(request, { signal, onDelta: ({ text }: ModelDelta) => void deltas.push(text) });
  return { answer, deltas };
}

export async function reply(model: Model, request = REQUEST): Promise<ModelReply & { deltas: string[] }> {
  const { answer, deltas } = await ask(model, undefined, request);
  if (answer.kind === 'failure') throw new Error(`${answer.code}: ${answer.message}`);
  const { kind: _kind, ...rest } = answer;
  modelReplySchema.parse(rest);
  return { ...answer, deltas };
}

export async function fail(model: Model, signal?: AbortSignal): Promise<ModelFailure> {
  const { answer } = await ask(model, signal);
  if (answer.kind === 'reply') throw new Error(`a failure was expected, and a reply came: ${answer.text}`);
  expect(answer.message).not.toMatch(/\n/);
  expect(Number.isInteger(answer.ms)).toBe(true);
  return answer;
}
