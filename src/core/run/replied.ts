/** What a model answered, as it is recorded: without secrets, and with no number that cannot be. */
import type { Usage } from '../events/parts';
import type { EventBody } from '../events/schema';
import type { Gate } from '../gatekeeper/gate';
import { wellFormed } from '../kernel/json';
import { cut } from '../kernel/text';
import type { ModelFailure, ModelReply } from '../ports/model';
import type { Place } from './effects';
import { NAME_LIMIT, TOKENS_LIMIT, WAIT_LIMIT_MS } from './limits';
import type { ActiveRun } from './state';

/** The event of a reply or of a failure. */
export function replyBody(
  reply: ModelReply | ModelFailure,
  { origin }: ActiveRun,
  gate: Gate,
  place: Place,
): EventBody {
  if (reply.kind === 'failure') {
    const { code, message, retryable, ms } = reply;
    const data = { code, message: gate.recordable(message), retryable, ...waitOf(reply, origin), ms };
    return { type: 'model.failed', ...place, data };
  }
  const { text, toolCalls, usage, costUsd, stop, ms, firstTokenMs } = reply;
  const calls = toolCalls.map((call) => ({
    id: cut(gate.recordable(call.id), NAME_LIMIT),
    name: cut(gate.recordable(call.name), NAME_LIMIT),
    arguments: clearJson(call.arguments, gate),
  }));
  return {
    type: 'model.responded',
    ...place,
    data: {
      text: origin.flags.engine < 2 ? gate.recordable(text) : clearText(text, gate),
      toolCalls: calls,
      usage: plausible(usage),
      costUsd,
      stop,
      ...keptOf(reply, origin, gate),
      ms,
      firstTokenMs,
    },
  };
}

/** What a provider wants back with the next request; altered it would be refused there, so that it is kept whole or not at all. */
function keptOf({ kept }: ModelReply, { flags }: ActiveRun['origin'], gate: Gate): { kept?: string } {
  if (kept === null || kept === undefined || flags.engine < 4) return {};
  return clearJson(kept, gate) === kept ? { kept } : {};
}

/** Milliseconds that the server asks to wait, as far as a number can be believed. */
function waitOf({ retryAfterMs }: ModelFailure, { flags }: ActiveRun['origin']): { retryAfterMs?: number } {
  if (retryAfterMs === undefined || !(retryAfterMs >= 0) || flags.engine < 4) return {};
  return { retryAfterMs: Math.ceil(Math.min(retryAfterMs, WAIT_LIMIT_MS)) };
}

/** JSON text as a model wrote it, well-formed or not: nothing is changed of it but what must not be recorded. */
function clearJson(text: string, gate: Gate): string {
  const whole = wellFormed(text);
  const { text: clear, counts } = gate.redactJson(whole);
  return Object.keys(counts).length === 0 ? whole : clear;
}

/** A reply that is JSON as a whole is going to be read as that, escapes and all; in any other they are but letters. */
const clearText = (text: string, gate: Gate): string =>
  isJson(text) ? gate.redactJson(wellFormed(text), 1).text : gate.recordable(text);

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Counts that a broken or hostile server made up must not make the sums of a run unsafe. */
function plausible(usage: Usage): Usage {
  const bounded = (tokens: number): number => Math.min(tokens, TOKENS_LIMIT);
  const cacheWrite = usage.cacheWrite === undefined ? {} : { cacheWrite: bounded(usage.cacheWrite) };
  const { input, output, cached } = usage;
  return { ...usage, input: bounded(input), output: bounded(output), cached: bounded(cached), ...cacheWrite };
}
