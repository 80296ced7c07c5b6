/**
 * One request to a model's server, from the key to the last chunk, whatever the protocol.
 *
 * Invariants: nothing is loaded before the first request; nothing is retried; every expected failure is a value.
 */
import type { Result } from '../../../core/kernel/result';
import { costOf } from '../../../core/models/price';
import type { Model, ModelFacts, ModelFailure, ModelReply, ModelRequest } from '../../../core/ports/model';
import type { Assembly, Broken } from './assembly';
import { type Deadline, watch } from './deadline';
import { cancelled, type Fault, failure } from './failure';
import { brokenStream, givenUp, keyFault, notAStream, type Target } from './faults';
import { DEFAULT_LIMITS, type Limits } from './limits';
import type { Server } from './server';
import { countedUsage } from './tokens';
import type { Transport } from './transport';

/** What every model over HTTP is made of. */
export type HttpModelOptions = {
  /** The id under which it was chosen. */
  readonly provider: string;
  readonly name: string;
  readonly server: Server;
  /** Undefined is right only for a server on this machine, or one that is declared to be the person's own. */
  readonly key: string | undefined;
  /** How the key is set; ends a sentence. */
  readonly setKey?: string;
  /** Sent with every request; their values are as secret as the key. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly facts: ModelFacts;
  readonly transport: Transport;
  readonly limits?: Partial<Limits>;
  /** Milliseconds that never go back; only differences are used. */
  readonly monotonic: () => number;
};

const SET_KEY = 'with the command "OpenExec: Set API Key…"';

/** Where a request goes, and with what. */
export type Destination = {
  readonly baseUrl: string;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly transport: Transport;
};

/** Why there is no stream: a status that is no success, with what came with it, or no answer at all. */
export type NoStream =
  | { readonly kind: 'status'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly kind: 'connection'; readonly error: unknown };

export type Next = { readonly done: true } | { readonly done: false; readonly chunk: unknown };

export type OpenStream = {
  readonly contentType: string;
  /** The next chunk; the error is whatever was thrown. */
  next(): Promise<Result<Next, unknown>>;
};

/** Sends a request and waits for the head of the answer. */
export type Open = (request: ModelRequest, signal: AbortSignal) => Promise<Result<OpenStream, NoStream>>;

/** What a protocol does in its own way: how it asks, how it puts a reply together, and what its errors mean. */
export type HttpProtocol = {
  /** What a stream of it is called, for people. */
  readonly stream: string;
  /** Loads what is needed to ask; called with the first request. */
  load(to: Destination): Promise<Open>;
  assemble(request: ModelRequest): Assembly;
  noStreamFault(target: Target, failed: NoStream): Fault;
  streamFault(target: Target, error: unknown): Fault;
  brokenFault(target: Target, broken: Broken): Fault;
};

/** A model behind a server that speaks this protocol. */
export function createHttpModel(options: HttpModelOptions, protocol: HttpProtocol): Model {
  const { provider, name, server, facts, monotonic, transport, setKey = SET_KEY } = options;
  const key = options.key?.trim() || undefined;
  const headers = options.headers ?? {};
  const to: Destination = { baseUrl: server.baseUrl, key, headers, transport };
  const secrets = [key ?? '', ...Object.values(headers)].filter((secret) => secret !== '');
  const target: Target = { server, model: name, secrets, key, setKey, stream: protocol.stream };
  let loading: Promise<Open> | undefined;
  return {
    id: { provider, name, destination: server.destination, local: server.loopback || server.declaredLocal },
    facts,
    async invoke(request, { signal, onDelta, limitMs }) {
      const usual = { ...DEFAULT_LIMITS, ...options.limits };
      const limits = { ...usual, wholeMs: least(usual.wholeMs, limitMs ?? null) };
      const unfit = signal.aborted ? cancelled() : authorityFault(target, headers);
      if (unfit !== null) return failure(unfit, 0);
      loading ??= protocol.load(to);
      // Awaited before the clock starts: loading is not the server's time.
      const open = await loading;
      await transport.ready?.();
      const began = monotonic();
      const elapsed = (): number => Math.max(0, Math.round(monotonic() - began));
      const deadline = watch(signal, limits);
      try {
        const opened = await open(request, deadline.signal);
        // A reason on this side comes first: an abort shows as all sorts of errors on the other.
        const stopped = deadline.reason;
        if (stopped !== null) return failure(givenUp(target, stopped, limits), elapsed());
        if (!opened.ok) return failure(protocol.noStreamFault(target, opened.error), elapsed());
        const assembly = protocol.assemble(request);
        return await receive(opened.value, {
          request,
          protocol,
          assembly,
          target,
          limits,
          facts,
          deadline,
          elapsed,
          onDelta,
        });
      } finally {
        deadline.end();
      }
    },
  };
}

/** A header may say who asks as well as a key does. */
const authorityFault = (target: Target, headers: Readonly<Record<string, string>>): Fault | null =>
  target.key === undefined && Object.keys(headers).length > 0 ? null : keyFault(target);

const least = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b);

type Reception = {
  readonly request: ModelRequest;
  readonly protocol: HttpProtocol;
  readonly assembly: Assembly;
  readonly target: Target;
  readonly limits: Limits;
  readonly facts: ModelFacts;
  readonly deadline: Deadline;
  readonly elapsed: () => number;
  readonly onDelta: (delta: { text: string }) => void;
};

/** Reads a stream to its end. A reply that was complete before the connection broke is a reply. */
async function receive(stream: OpenStream, on: Reception): Promise<ModelReply | ModelFailure> {
  const { assembly, target, protocol } = on;
  const fail = (what: Fault): ModelFailure => failure(what, on.elapsed());
  if (/^(text\/html|application\/json)/i.test(stream.contentType)) return fail(notAStream(target, stream.contentType));
  let firstTokenMs: number | null = null;
  for (;;) {
    const next = await stream.next();
    // Before anything else: what is already buffered must not be taken for a reply after a cancellation.
    if (on.deadline.reason === 'cancelled') return fail(cancelled());
    if (!next.ok || next.value.done || on.deadline.reason !== null) {
      const broken = endedEarly(next.ok ? null : next.error, stream.contentType, on);
      if (broken !== null) return fail(broken);
      break;
    }
    const progress = assembly.add(next.value.chunk);
    if (!progress.ok) return fail(protocol.brokenFault(target, progress.error));
    on.deadline.progress(progress.value.token);
    if (progress.value.token) firstTokenMs ??= on.elapsed();
    if (progress.value.text !== '') on.onDelta({ text: progress.value.text });
  }
  const content = assembly.content();
  if (!content.ok) return fail(protocol.brokenFault(target, content.error));
  const ms = on.elapsed();
  const { usage: told } = content.value;
  const usage = told.estimated ? await countedUsage(told, on.request, content.value) : told;
  const costUsd = on.facts.price === null ? null : costOf(usage, on.facts.price);
  return { kind: 'reply', ...content.value, usage, costUsd, ms, firstTokenMs };
}

/** What is wrong with a stream that has ended, by itself or not; null when the reply was complete by then. */
function endedEarly(error: unknown, contentType: string, on: Reception): Fault | null {
  if (on.assembly.finished) return null;
  if (on.deadline.reason !== null) return givenUp(on.target, on.deadline.reason, on.limits);
  if (error !== null) return on.protocol.streamFault(on.target, error);
  if (on.assembly.empty) return notAStream(on.target, contentType);
  return brokenStream(on.target, 'it ended before it was complete');
}
