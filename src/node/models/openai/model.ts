/**
 * The adapter for servers that speak OpenAI's Chat Completions protocol, through the `openai` package.
 *
 * Invariants: the SDK is loaded with the first request, not before; it retries nothing and logs nothing; a request goes
 * to the base URL and nowhere else, with no header but the ones named here; every expected failure is a value.
 */
import type { Price } from '../../../core/events/parts';
import { costOf, priceAt } from '../../../core/models/price';
import type { Model, ModelFailure, ModelReply, ModelRequest } from '../../../core/ports/model';
import { cancelled, type Fault, failure } from '../shared/failure';
import { type Assembly, assembleReply } from './assemble';
import { type Deadline, type Limits, watch } from './deadline';
import {
  brokenStream,
  givenUp,
  keyMissing,
  keyUnusable,
  notAStream,
  requestFault,
  streamFault,
  type Target,
} from './faults';
import { chatRequest } from './request';
import { createClient, type OpenStream, openStream } from './sdk';
import type { Server } from './server';

const DEFAULT_LIMITS: Omit<Limits, 'wholeMs'> = { firstTokenMs: 120_000, stallMs: 60_000 };
const HEADER_SAFE = /^[\x21-\x7e]+$/;

export type OpenAiOptions = {
  /** The id under which it was chosen: `openai` or `openai-compatible`. */
  readonly provider: string;
  readonly name: string;
  readonly server: Server;
  /** Undefined is right only for a server on this machine. */
  readonly key: string | undefined;
  /** Milliseconds that never go back; only differences are used. */
  readonly monotonic: () => number;
  readonly limits?: Partial<Omit<Limits, 'wholeMs'>>;
};

/** A model behind an OpenAI-compatible server. `costUsd` is by the list price; null where none is known. */
export function createOpenAiModel(options: OpenAiOptions): Model {
  const { provider, name, server, monotonic } = options;
  const key = options.key?.trim() || undefined;
  const target: Target = { server, model: name, key };
  const limitField = new URL(server.baseUrl).hostname === 'api.openai.com' ? 'max_completion_tokens' : 'max_tokens';
  const id = { provider, name, destination: server.destination, local: server.loopback };
  const price = priceAt(id);
  let client: ReturnType<typeof createClient> | undefined;
  return {
    id,
    async invoke(request, { signal, onDelta, limitMs }) {
      const limits = { ...DEFAULT_LIMITS, ...options.limits, wholeMs: limitMs ?? null };
      const unfit = signal.aborted ? cancelled() : keyFaultOf(target);
      if (unfit !== null) return failure(unfit, 0);
      client ??= createClient(server.baseUrl, key);
      // Awaited before the clock starts: loading the SDK is not the server's time.
      const sdk = await client;
      const began = monotonic();
      const elapsed = (): number => Math.max(0, Math.round(monotonic() - began));
      const deadline = watch(signal, limits);
      try {
        const opened = await openStream(sdk, chatRequest(name, request, limitField), deadline.signal);
        // A reason on this side comes first: an abort shows as all sorts of errors on the other.
        const stopped = deadline.reason;
        if (stopped !== null) return failure(givenUp(target, stopped, limits), elapsed());
        if (!opened.ok) return failure(requestFault(target, opened.error), elapsed());
        return await receive(opened.value, { request, target, limits, price, deadline, elapsed, onDelta });
      } finally {
        deadline.end();
      }
    },
  };
}

function keyFaultOf(target: Target): Fault | null {
  if (target.key === undefined) return target.server.loopback ? null : keyMissing(target);
  return HEADER_SAFE.test(target.key) ? null : keyUnusable(target);
}

type Reception = {
  readonly request: ModelRequest;
  readonly target: Target;
  readonly limits: Limits;
  readonly price: Price | null;
  readonly deadline: Deadline;
  readonly elapsed: () => number;
  readonly onDelta: (delta: { text: string }) => void;
};

/** Reads a stream to its end. A reply that was complete before the connection broke is a reply. */
async function receive(stream: OpenStream, on: Reception): Promise<ModelReply | ModelFailure> {
  const fail = (what: Fault): ModelFailure => failure(what, on.elapsed());
  if (/^(text\/html|application\/json)/i.test(stream.contentType))
    return fail(notAStream(on.target, stream.contentType));
  const assembly = assembleReply(on.request);
  let firstTokenMs: number | null = null;
  for (;;) {
    const next = await stream.next();
    // Before anything else: what is already buffered must not be taken for a reply after a cancellation.
    if (on.deadline.reason === 'cancelled') return fail(cancelled());
    if (!next.ok || next.value.done || on.deadline.reason !== null) {
      const broken = endedEarly(assembly, next.ok ? null : next.error, stream.contentType, on);
      if (broken !== null) return fail(broken);
      break;
    }
    const progress = assembly.add(next.value.chunk);
    if (!progress.ok) return fail(brokenStream(on.target, progress.error));
    on.deadline.progress(progress.value.token);
    if (progress.value.token) firstTokenMs ??= on.elapsed();
    if (progress.value.text !== '') on.onDelta({ text: progress.value.text });
  }
  const content = assembly.content();
  if (!content.ok) return fail(brokenStream(on.target, content.error));
  const costUsd = on.price === null ? null : costOf(content.value.usage, on.price);
  return { kind: 'reply', ...content.value, costUsd, ms: on.elapsed(), firstTokenMs };
}

/** What is wrong with a stream that has ended, by itself or not; null when the reply was complete by then. */
function endedEarly(assembly: Assembly, error: unknown, contentType: string, on: Reception): Fault | null {
  if (assembly.finished) return null;
  if (on.deadline.reason !== null) return givenUp(on.target, on.deadline.reason, on.limits);
  if (error !== null) return streamFault(on.target, error);
  if (assembly.empty) return notAStream(on.target, contentType);
  return brokenStream(on.target, 'it ended before it was complete');
}
