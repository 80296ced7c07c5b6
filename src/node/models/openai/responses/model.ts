/**
 * The adapter for OpenAI's Responses API, in its stateless form: nothing is stored at the provider, and the encrypted
 * reasoning of a conversation travels with it.
 */
import type { Model } from '../../../../core/ports/model';
import { createHttpModel, type HttpModelOptions } from '../../shared/exchange';
import { PATIENCE } from '../../shared/patience';
import { brokenFault, noStreamFault, streamFault } from '../faults';
import { loadOpenAi } from '../sdk';
import { assembleResponse } from './assemble';
import { responsesRequest } from './request';

/** A model behind the Responses API. `costUsd` is by the price in `facts`; null where none is known. */
export function createResponsesModel(options: HttpModelOptions): Model {
  const maker = { destination: options.server.destination, model: options.name };
  const patient = { ...options, limits: { ...PATIENCE, ...options.limits } };
  return createHttpModel(patient, {
    stream: 'a stream of a response',
    load: (to) =>
      loadOpenAi(to, (client, request, signal) =>
        client.responses.create(responsesRequest(request, maker), { signal }),
      ),
    assemble: (request) => assembleResponse(request, maker),
    noStreamFault,
    streamFault,
    brokenFault,
  });
}
