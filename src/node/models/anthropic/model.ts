/**
 * The adapter for Anthropic's Messages API, and for servers that speak it.
 */
import type { Model } from '../../../core/ports/model';
import { createHttpModel, type HttpModelOptions } from '../shared/exchange';
import { PATIENCE } from '../shared/patience';
import { assembleMessage } from './assemble';
import { brokenFault, noStreamFault, streamFault } from './faults';
import { messagesRequest } from './request';
import { loadMessages } from './sdk';

/** A model behind the Messages API. `costUsd` is by the price in `facts`; null where none is known. */
export function createAnthropicModel(options: HttpModelOptions): Model {
  const maker = { destination: options.server.destination, model: options.name };
  const patient = { ...options, limits: { ...PATIENCE, ...options.limits } };
  return createHttpModel(patient, {
    stream: 'a stream of a message',
    load: (to) => loadMessages(to, (request) => messagesRequest(request, maker)),
    assemble: (request) => assembleMessage(request, maker),
    noStreamFault,
    streamFault,
    brokenFault,
  });
}
