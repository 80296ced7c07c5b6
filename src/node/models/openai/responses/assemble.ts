/**
 * Puts a reply together from the events of a Responses stream. No I/O.
 */
import type { Usage } from '../../../../core/events/parts';
import { assertNever } from '../../../../core/kernel/assertNever';
import { wellFormed } from '../../../../core/kernel/json';
import { err, ok, type Result } from '../../../../core/kernel/result';
import type { ModelReply, ModelRequest } from '../../../../core/ports/model';
import {
  type Assembly,
  type Broken,
  identified,
  MAX_REPLY,
  notProtocol,
  type Progress,
  TOO_LONG,
} from '../../shared/assembly';
import { believed, estimateUsage } from '../../shared/usage';
import { type AnyItem, type Ended, parseEvent, type StreamEvent } from './events';
import { openItems } from './items';
import { keep, type Maker } from './kept';

const NOTHING: Progress = { text: '', token: false };

/** Begins the assembly of the reply to one request; `maker` is kept with what must be given back. */
export function assembleResponse(request: ModelRequest, maker: Maker): Assembly {
  const items = openItems();
  let seen = 0;
  let end: End = null;

  function take(event: StreamEvent): Result<Progress, Broken> {
    switch (event.type) {
      case 'response.output_item.added':
      case 'response.output_item.done':
        return items.put(event.output_index, event.item, event.type === 'response.output_item.done');
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return items.say(event.output_index, event.delta, event.type === 'response.refusal.delta');
      case 'response.function_call_arguments.delta':
        return items.fill(event.output_index, event.delta);
      case 'response.completed':
      case 'response.incomplete':
        end = { ...event.response, whole: event.type === 'response.completed' };
        return items.count > 0 ? ok(NOTHING) : putAll(event.response.output ?? []);
      case 'response.failed':
        return err({ kind: 'reported', error: event.response.error ?? NO_REASON });
      case 'error':
        return err({ kind: 'reported', error: { ...event, type: null } });
      case 'other':
        return ok({ text: '', token: event.token });
      default:
        return assertNever(event);
    }
  }

  /** For servers that stream no items, and say everything in the last event. */
  function putAll(output: readonly AnyItem[]): Result<Progress, Broken> {
    const puts = output.map((item, index) => items.put(index, item, true));
    const text = puts.map((put) => (put.ok ? put.value.text : '')).join('');
    return puts.find((put) => !put.ok) ?? ok({ text, token: text !== '' });
  }

  return {
    add(raw) {
      const event = parseEvent(raw);
      if (!event.ok) return err(notProtocol(event.error));
      seen += 1;
      const taken = take(event.value);
      return items.size > MAX_REPLY ? err(notProtocol(TOO_LONG)) : taken;
    },
    get finished() {
      return end !== null;
    },
    get empty() {
      return seen === 0;
    },
    content() {
      const parts = items.close();
      const stop = stopOf(end, parts);
      if (stop === null) return err(notProtocol('it ended before it was complete, for a reason that is not known'));
      if (parts.calls.some((call) => call.name === '')) return err(notProtocol('a tool call has no name'));
      const toolCalls = identified(parts.calls, request, stop === 'tools');
      const said = { text: wellFormed(parts.text), toolCalls };
      const kept = keep(parts.kept(toolCalls), maker);
      const usage = believed(usageOf(end), estimateUsage(request, said));
      return ok({ ...said, usage, stop, ...(kept === null ? {} : { kept }) });
    },
  };
}

const NO_REASON = { message: '', code: null, type: null };

type End = (Ended & { readonly whole: boolean }) | null;

/** Why the response ended; null when it is incomplete for a reason that nobody here knows. */
function stopOf(end: End, parts: { refused: boolean; calls: readonly unknown[] }): ModelReply['stop'] | null {
  const reason = end?.incomplete_details?.reason;
  if (parts.refused) return 'refusal';
  if (reason === 'max_output_tokens') return 'length';
  if (reason === 'content_filter') return 'filter';
  if (end?.whole !== true) return null;
  return parts.calls.length > 0 ? 'tools' : 'end';
}

function usageOf(end: End): Usage | null {
  if (!end?.usage) return null;
  const { input_tokens: input, output_tokens: output, input_tokens_details: details } = end.usage;
  const written = details?.cache_write_tokens;
  const cached = details?.cached_tokens ?? 0;
  return { input, output, cached, ...(written ? { cacheWrite: written } : {}), estimated: false };
}
