/**
 * The adapter for servers that speak OpenAI's Chat Completions protocol: OpenAI's own, Ollama, LM Studio, vLLM, llama.cpp,
 * gateways.
 */
import type { Model } from '../../../core/ports/model';
import { createHttpModel, type HttpModelOptions } from '../shared/exchange';
import { assembleReply } from './assemble';
import { brokenFault, noStreamFault, streamFault } from './faults';
import { chatRequest } from './request';
import { loadOpenAi } from './sdk';

/** A model behind an OpenAI-compatible server. `costUsd` is by the price in `facts`; null where none is known. */
export function createOpenAiModel(options: HttpModelOptions): Model {
  const { name, server } = options;
  const limitField = new URL(server.baseUrl).hostname === 'api.openai.com' ? 'max_completion_tokens' : 'max_tokens';
  return createHttpModel(options, {
    stream: 'a chat completion stream',
    load: (to) =>
      loadOpenAi(to, (client, request, signal) =>
        client.chat.completions.create(chatRequest(name, request, limitField), { signal }),
      ),
    assemble: assembleReply,
    noStreamFault,
    streamFault,
    brokenFault,
  });
}
