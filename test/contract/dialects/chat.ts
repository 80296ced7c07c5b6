/** The Chat Completions protocol for the contract of models. */
import { createOpenAiModel } from '../../../src/node/models/openai/model';
import * as server from '../../support/openaiServer';
import { startSseServer } from '../../support/sseServer';
import type { Dialect, Said } from '../dialect';
import { httpOptions } from '../modelHarness';

const FINISH = {
  end: 'stop',
  tools: 'tool_calls',
  length: 'length',
  filter: 'content_filter',
  refusal: 'stop',
} as const;

function reply({ text = [], toolCalls = [], size, stop, usage = true }: Said): string[] {
  const finish = FINISH[stop ?? (toolCalls.length > 0 ? 'tools' : 'end')];
  const words = text.map((piece) => server.chunk(stop === 'refusal' ? { refusal: piece } : { content: piece }));
  const end = usage ? server.ending(finish) : server.ending(finish, null);
  return [...OPENING, ...words, ...server.callChunks(toolCalls, size), ...end];
}

const OPENING = [server.chunk({ role: 'assistant', content: '' })];
const HALF = { id: 'half', name: 'read_file', arguments: '{"path":"src/' };

export const chat: Dialect = {
  name: 'chat',
  start: (options = {}) => startSseServer(server.CHAT, options),
  model: (at) => createOpenAiModel({ ...httpOptions(at), provider: 'openai-compatible' }),
  keyHeader: (key) => ({ name: 'authorization', value: `Bearer ${key}` }),
  reply,
  opening: OPENING,
  halfCall: server.callChunks([HALF]),
  text: (text) => [server.chunk({ content: text })],
  errorEvent: (message) => `data: ${JSON.stringify({ error: { message, type: 'server_error' } })}\n\n`,
  errorBody: (status, message) => server.CHAT.error(status, message),
  quota: {
    status: 429,
    body: server.CHAT.error(429, 'You exceeded your current quota', { code: 'insufficient_quota' }),
  },
  tooLarge: {
    status: 400,
    body: server.CHAT.error(400, "This model's maximum context length is 8192 tokens", {
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
    }),
  },
};
