/**
 * Puts a reply together from the events of a Messages stream. No I/O.
 */
import type { Usage } from '../../../core/events/parts';
import { assertNever } from '../../../core/kernel/assertNever';
import { wellFormed } from '../../../core/kernel/json';
import { err, ok, type Result } from '../../../core/kernel/result';
import type { ModelReply, ModelRequest } from '../../../core/ports/model';
import {
  type Assembly,
  type Broken,
  identified,
  MAX_REPLY,
  notProtocol,
  type Progress,
  TOO_LONG,
} from '../shared/assembly';
import { believed, estimateUsage } from '../shared/usage';
import { parseEvent, type ReportedUsage, type StreamEvent } from './events';
import { keep, type Maker } from './kept';
import { OpenBlocks } from './openBlocks';

const NOTHING: Progress = { text: '', token: false };

/** Begins the assembly of the reply to one request; `maker` is kept with what must be given back. */
export function assembleMessage(request: ModelRequest, maker: Maker): Assembly {
  const blocks = new OpenBlocks();
  let seen = 0;
  let reason: string | null = null;
  let usage: ReportedUsage = null;

  function take(event: StreamEvent): Result<Progress, Broken> {
    switch (event.type) {
      case 'message_start':
        usage = event.message.usage;
        return ok(NOTHING);
      case 'content_block_start':
        return blocks.start(event.index, event.block);
      case 'content_block_delta':
        return blocks.fill(event.index, event.delta);
      case 'content_block_stop':
        blocks.stop(event.index);
        return ok(NOTHING);
      case 'message_delta':
        reason = event.delta.stop_reason ?? reason;
        usage = latest(usage, event.usage);
        return ok(NOTHING);
      case 'message_stop':
      case 'other':
        return ok(NOTHING);
      default:
        return assertNever(event);
    }
  }

  return {
    add(raw) {
      const event = parseEvent(raw);
      if (!event.ok) return err(notProtocol(event.error));
      seen += 1;
      const taken = take(event.value);
      return blocks.size > MAX_REPLY ? err(notProtocol(TOO_LONG)) : taken;
    },
    get finished() {
      return reason !== null;
    },
    get empty() {
      return seen === 0;
    },
    content() {
      const written = blocks.calls;
      const stop = stopOf(reason, written.length > 0);
      if (stop === null)
        return err(notProtocol('it ended before it was complete, for a reason that nobody here knows'));
      if (written.some((call) => call.name === '')) return err(notProtocol('a tool call has no name'));
      const toolCalls = identified(written, request, stop === 'tools');
      const said = { text: wellFormed(blocks.text), toolCalls };
      const kept = keep(blocks.kept(toolCalls.map(({ id }) => id)), maker);
      const charged = believed(usageOf(usage), estimateUsage(request, said));
      return ok({ ...said, usage: charged, stop, ...(kept === null ? {} : { kept }) });
    },
  };
}

/** Why the reply ended; null when for no reason that is known. `pause_turn` belongs to tools of the server, which nobody asked for. */
function stopOf(reason: string | null, calls: boolean): ModelReply['stop'] | null {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
    case 'tool_use':
      return calls ? 'tools' : 'end';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length';
    case 'refusal':
      return 'refusal';
    default:
      return null;
  }
}

/** Counts are cumulative; one that is left out later stands as it was. */
function latest(before: ReportedUsage, after: ReportedUsage): ReportedUsage {
  const said = Object.entries(after ?? {}).filter(([, count]) => count !== null && count !== undefined);
  return before === null && after === null ? null : { ...before, ...Object.fromEntries(said) };
}

/** Anthropic counts what came from the cache and what went into it apart; the port counts it as input as well. */
function usageOf(usage: ReportedUsage): Usage | null {
  if (typeof usage?.input_tokens !== 'number' || typeof usage.output_tokens !== 'number') return null;
  const cached = usage.cache_read_input_tokens ?? 0;
  const written = usage.cache_creation_input_tokens ?? 0;
  const input = usage.input_tokens + cached + written;
  return {
    input,
    output: usage.output_tokens,
    cached,
    ...(written > 0 ? { cacheWrite: written } : {}),
    estimated: false,
  };
}
