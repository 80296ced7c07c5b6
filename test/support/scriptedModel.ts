/**
 * A model that gives prepared replies in order, whatever it is asked. For tests of what uses a model, and as the
 * source of a recording.
 */
import { textOf } from '../../src/core/events/payload';
import { FREE } from '../../src/core/models/price';
import {
  type Model,
  type ModelFacts,
  type ModelFailure,
  type ModelId,
  type ModelReply,
  type ModelRequest,
  NOTHING_KNOWN,
} from '../../src/core/ports/model';
import { cancelled, failure } from '../../src/node/models/shared/failure';
import { estimateUsage } from '../../src/node/models/shared/usage';

type Said = Pick<ModelReply, 'text' | 'toolCalls'> & Partial<ModelReply>;
type Answered = Said | ModelFailure;
/** A reply, a failure, or a function of the request that gives one. */
export type ScriptedStep = Answered | ((request: ModelRequest) => Answered | Promise<Answered>);

export type ScriptedModel = Model & {
  /** Every request so far, in order. */
  readonly requests: readonly ModelRequest[];
  /** How many steps are left. */
  readonly left: () => number;
};

const SCRIPTED: ModelId = {
  provider: 'scripted',
  name: 'script',
  destination: 'this machine (scripted)',
  local: true,
};

/** Answers from the steps in order; a request after the last step is a bug of the script and throws. */
export function createScriptedModel(
  steps: readonly ScriptedStep[],
  id: ModelId = SCRIPTED,
  facts: ModelFacts = { ...NOTHING_KNOWN, price: id.local ? FREE : null },
): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    id,
    facts,
    requests,
    left: () => steps.length - requests.length,
    async invoke(request, { signal, onDelta }) {
      if (signal.aborted) return failure(cancelled(), 0);
      const step = steps[requests.length];
      requests.push(request);
      if (step === undefined) {
        const last = request.messages.at(-1);
        const about = last === undefined ? 'no message' : `${last.role}: ${textOf(last.content).slice(0, 200)}`;
        throw new Error(`the script has ${steps.length} steps, and request ${requests.length} came (${about})`);
      }
      const answered = typeof step === 'function' ? await step(request) : step;
      if (signal.aborted) return failure(cancelled(), 0);
      if ('kind' in answered && answered.kind === 'failure') return answered;
      if (answered.text !== '') onDelta({ text: answered.text });
      return { ...complete(request, answered), ...answered };
    },
  };
}

function complete(request: ModelRequest, said: Said): ModelReply {
  return {
    kind: 'reply',
    text: said.text,
    toolCalls: said.toolCalls,
    usage: estimateUsage(request, said),
    costUsd: 0,
    stop: said.toolCalls.length > 0 ? 'tools' : 'end',
    ms: 0,
    firstTokenMs: null,
  };
}

/** A step that only says something. */
export function says(text: string): Said {
  return { text, toolCalls: [] };
}

/** A step that calls tools: `[id, tool, input]` each, the input as a value. */
export function calls(text: string, ...tools: readonly (readonly [id: string, tool: string, input: unknown])[]): Said {
  return { text, toolCalls: tools.map(([id, name, input]) => ({ id, name, arguments: JSON.stringify(input) })) };
}
