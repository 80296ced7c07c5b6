/** OpenAI's Responses protocol for the contract of models. */
import { createResponsesModel } from '../../../src/node/models/openai/responses/model';
import * as server from '../../support/responsesServer';
import { startSseServer } from '../../support/sseServer';
import type { Dialect, Said } from '../dialect';
import { httpOptions } from '../modelHarness';

function outputs({ text = [], toolCalls = [], size, stop }: Said): server.Output[] {
  const type = stop === 'refusal' ? ('refusal' as const) : ('output_text' as const);
  const message: server.Output[] = text.length === 0 ? [] : [{ kind: 'message', parts: [{ type, pieces: text }] }];
  const calls = toolCalls.map(
    (call): server.Output => ({ kind: 'call', call, ...(size === undefined ? {} : { size }) }),
  );
  return [...message, ...calls];
}

function ending(said: Said): string {
  const usage = said.usage === false ? null : server.USAGE;
  if (said.stop === 'length') return server.incomplete(outputs(said), 'max_output_tokens', usage);
  if (said.stop === 'filter') return server.incomplete(outputs(said), 'content_filter', usage);
  return server.completed(outputs(said), usage);
}

const HALF: server.Output = { kind: 'call', call: { id: 'half', name: 'read_file', arguments: '{"path":"src/' } };

export const responses: Dialect = {
  name: 'responses',
  start: (options = {}) => startSseServer(server.RESPONSES, options),
  model: (at) => createResponsesModel({ ...httpOptions(at), provider: 'openai' }),
  keyHeader: (key) => ({ name: 'authorization', value: `Bearer ${key}` }),
  reply: (said) => [...server.OPENING, ...outputs(said).flatMap(server.itemEvents), ending(said)],
  opening: server.OPENING,
  halfCall: server.itemEvents(HALF, 0).slice(0, 2),
  text: (text) => server.itemEvents(server.words(text), 0).slice(0, 3),
  errorEvent: (message) => server.failed('server_error', message),
  errorBody: (status, message) => server.RESPONSES.error(status, message),
  quota: {
    status: 429,
    body: server.RESPONSES.error(429, 'You exceeded your current quota', { code: 'insufficient_quota' }),
  },
  tooLarge: {
    status: 400,
    body: server.RESPONSES.error(400, 'Your input exceeds the context window of this model', {
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
    }),
  },
};
