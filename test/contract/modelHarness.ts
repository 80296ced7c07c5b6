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
  NOTHING_KNOWN,
} from '../../src/core/ports/model';
import { createOpenAiModel } from '../../src/node/models/openai/model';
import type { HttpModelOptions } from '../../src/node/models/shared/exchange';
import { parseBaseUrl } from '../../src/node/models/shared/server';
import { createTransport } from '../../src/node/models/shared/transport';
import * as chat from '../support/openaiServer';
import type { At } from './dialect';

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const REQUEST: ModelRequest = {
  messages: [
    { role: 'system', content: 'You fix bugs.' },
    { role: 'user', content: 'Fix the bug — now.' },
  ],
  tools: [
    {
      name: 'read_file',
      description: 'Reads a file.',
      parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    },
    { name: 'git_status', description: 'Says what changed.', parameters: { type: 'object', properties: {} } },
  ],
  maxOutputTokens: 100,
  signature: sha256('request'),
};

export const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** What every adapter over HTTP takes, for a server at this place. */
export function httpOptions({ baseUrl, key, headers, limits = {}, transport }: At) {
  const server = parseBaseUrl(baseUrl);
  if (!server.ok) throw new Error(server.error);
  const connectMs = limits.connectMs ?? 5_000;
  return {
    name: 'test-model',
    server: server.value,
    key,
    ...(headers === undefined ? {} : { headers }),
    facts: NOTHING_KNOWN,
    transport: transport ?? createTransport({ proxy: { kind: 'none' }, connectMs }),
    limits,
    monotonic: () => performance.now(),
  };
}

export async function serve(...script: chat.Answer[]): Promise<chat.OpenAiServer> {
  const server = await chat.startOpenAiServer(...script);
  cleanups.push(() => server.close());
  return server;
}

/** A model behind the Chat Completions protocol. */
export function modelOf(baseUrl: string, options: Partial<HttpModelOptions> = {}): Model {
  return createOpenAiModel({ ...httpOptions({ baseUrl }), provider: 'openai-compatible', ...options });
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
  expect(answer.message.length).toBeLessThan(600);
  expect(Number.isInteger(answer.ms)).toBe(true);
  return answer;
}
