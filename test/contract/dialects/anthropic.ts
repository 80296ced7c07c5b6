/** Anthropic's Messages protocol for the contract of models. */
import { createAnthropicModel } from '../../../src/node/models/anthropic/model';
import * as server from '../../support/anthropicServer';
import { startSseServer } from '../../support/sseServer';
import type { Dialect, Said } from '../dialect';
import { httpOptions } from '../modelHarness';

const STOP = { end: 'end_turn', tools: 'tool_use', length: 'max_tokens', refusal: 'refusal' } as const;

function reply({ text = [], toolCalls = [], size, stop, usage = true }: Said): string[] | null {
  const why = stop ?? (toolCalls.length > 0 ? 'tools' : 'end');
  // Anthropic has no filter of its own: what it will not say, it refuses.
  if (why === 'filter') return null;
  const words: server.Block[] = text.length === 0 ? [] : [{ type: 'text', pieces: text }];
  const calls = toolCalls.map(
    (call): server.Block => ({ type: 'tool_use', ...call, ...(size === undefined ? {} : { size }) }),
  );
  const blocks = [...words, ...calls].flatMap(server.blockEvents);
  return usage
    ? [...server.opening(), ...blocks, ...server.ending(STOP[why])]
    : [...server.opening(null), ...blocks, ...server.ending(STOP[why], null)];
}

const HALF: server.Block = { type: 'tool_use', id: 'half', name: 'read_file', arguments: '{"path":"src/' };

export const anthropic: Dialect = {
  name: 'anthropic',
  start: (options = {}) => startSseServer(server.MESSAGES, options),
  model: (at) => createAnthropicModel({ ...httpOptions(at), provider: 'anthropic' }),
  keyHeader: (key) => ({ name: 'x-api-key', value: key }),
  reply,
  opening: server.opening(),
  halfCall: server.blockEvents(HALF, 0).slice(0, -1),
  text: (text) => server.blockEvents({ type: 'text', pieces: [text] }, 0).slice(0, -1),
  errorEvent: (message) => `event: error\ndata: ${server.errorBody(529, message)}\n\n`,
  errorBody: (status, message) => server.errorBody(status, message),
  quota: { status: 400, body: server.errorBody(400, 'Your credit balance is too low', 'billing_error') },
  tooLarge: { status: 413, body: server.errorBody(413, 'Request exceeds the maximum size') },
};
