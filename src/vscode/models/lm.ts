/**
 * The adapter for models that VS Code itself offers (`vscode.lm`): other extensions bring them, and VS Code asks the person
 * before it lets OpenExec use one.
 *
 * Invariants: a request that is given up is cancelled in VS Code as well; what is left of the API's own types does not leave
 * this folder; every expected failure is a value. Tokens are not reported by the API: they are counted, and marked as estimated.
 */
import type * as vscode from 'vscode';
import type { Usage } from '../../core/events/parts';
import { err, ok, type Result } from '../../core/kernel/result';
import { costOf } from '../../core/models/price';
import {
  type Model,
  type ModelFailure,
  type ModelReply,
  type ModelRequest,
  NOTHING_KNOWN,
} from '../../core/ports/model';
import { oneLine } from '../../protocol/format';
import type { Limits, LmApi, LmHost, LmTarget, Watched } from './lmApi';
import { cancelled, givenUp, type LmFault, lmFault, malformed } from './lmFaults';
import { assembleLmReply, type LmAssembly } from './lmReply';
import { lmMessages, lmTools, sentText } from './lmRequest';

/** The greatest delay of a timer: as good as none. */
const NEVER = 2 ** 31 - 1;
const DEFAULT_LIMITS: Omit<Limits, 'wholeMs'> = { connectMs: NEVER, firstTokenMs: 120_000, stallMs: 60_000 };
/** After so long a count is not worth waiting for. */
const COUNT_MS = 5_000;
/** No text takes so many times fewer tokens than it is estimated to have. */
const TOO_FEW = 10;

/** Said in VS Code's own question whether OpenExec may use the model. */
const JUSTIFICATION = 'OpenExec asks this model in the runs that you start, and records what it sends and gets.';

/** A model of VS Code under the name by which it was chosen. What it costs, and where it runs, only its vendor knows. */
export function createVscodeModel(api: LmApi, chat: vscode.LanguageModelChat, name: string, host: LmHost): Model {
  const target: LmTarget = { name: oneLine(name, 80), vendor: oneLine(chat.vendor, 80) };
  const price = host.price ?? null;
  const destination = `VS Code (${target.vendor} ${oneLine(chat.family, 80)})`;
  return {
    id: { provider: 'vscode', name, destination, local: false },
    facts: { ...NOTHING_KNOWN, contextTokens: tokensOf(chat.maxInputTokens), price },
    async invoke(request, { signal, onDelta, limitMs }) {
      const began = host.monotonic();
      const elapsed = (): number => Math.max(0, Math.round(host.monotonic() - began));
      const fail = (fault: LmFault): ModelFailure => ({ kind: 'failure', ...fault, ms: elapsed() });
      if (signal.aborted) return fail(cancelled());
      const set = host.limits?.wholeMs ?? Number.POSITIVE_INFINITY;
      const most = Math.min(set, limitMs ?? Number.POSITIVE_INFINITY);
      const whole = Number.isFinite(most) ? most : null;
      const source = new api.CancellationTokenSource();
      const exchange: Exchange = { api, chat, target, host, request, source, signal, elapsed, onDelta };
      try {
        const opened = await open(exchange, whole);
        if (!opened.ok) return fail(opened.error);
        const left = whole === null ? null : Math.max(1, whole - elapsed());
        const received = await receive(exchange, opened.value, left);
        if (!received.ok) return fail(received.error);
        const { assembly, firstTokenMs } = received.value;
        const content = assembly.content();
        const ms = elapsed();
        const usage = await countedUsage(exchange, content);
        const costUsd = price === null ? null : costOf(usage, price);
        return { kind: 'reply', ...content, usage, costUsd, ms, firstTokenMs };
      } finally {
        source.dispose();
      }
    },
  };
}

type Exchange = {
  readonly api: LmApi;
  readonly chat: vscode.LanguageModelChat;
  readonly target: LmTarget;
  readonly host: LmHost;
  readonly request: ModelRequest;
  readonly source: vscode.CancellationTokenSource;
  readonly signal: AbortSignal;
  readonly elapsed: () => number;
  readonly onDelta: (delta: { text: string }) => void;
};

/** Sends the request. VS Code may ask the person first, who takes the time that they need: no limit but the whole one. */
async function open(
  exchange: Exchange,
  wholeMs: number | null,
): Promise<Result<vscode.LanguageModelChatResponse, LmFault>> {
  const { api, chat, target, request, source, signal, host } = exchange;
  const limits: Limits = { connectMs: NEVER, firstTokenMs: NEVER, stallMs: NEVER, wholeMs };
  const watched = host.watch(signal, limits);
  try {
    const options = {
      justification: JUSTIFICATION,
      ...(request.tools.length === 0 ? {} : { tools: lmTools(request.tools) }),
    };
    const asked = async () => chat.sendRequest(lmMessages(api, request), options, source.token);
    const sent = await first(asked(), watched.signal);
    if (watched.reason !== null || sent === null) return err(stop(exchange, watched, limits));
    return sent.ok ? ok(sent.value) : err(lmFault(target, sent.error));
  } finally {
    watched.end();
  }
}

type Received = { readonly assembly: LmAssembly; readonly firstTokenMs: number | null };

/** Reads a response to its end, or to the length that was asked for. */
async function receive(
  exchange: Exchange,
  response: vscode.LanguageModelChatResponse,
  wholeMs: number | null,
): Promise<Result<Received, LmFault>> {
  const { api, target, request, source, signal, host, elapsed, onDelta } = exchange;
  const limits: Limits = { ...DEFAULT_LIMITS, ...host.limits, wholeMs };
  const watched = host.watch(signal, limits);
  const parts = response.stream[Symbol.asyncIterator]();
  const assembly = assembleLmReply(api, request);
  let firstTokenMs: number | null = null;
  try {
    for (;;) {
      const next = await first(parts.next(), watched.signal);
      // Before anything else: what is already buffered must not be taken for a reply after a cancellation.
      if (watched.reason !== null || next === null) return err(stop(exchange, watched, limits));
      if (!next.ok) return err(lmFault(target, next.error));
      if (next.value.done === true) return ok({ assembly, firstTokenMs });
      const said = assembly.add(next.value.value);
      if (!said.ok) {
        source.cancel();
        return err(malformed(target, said.error));
      }
      watched.progress(true);
      firstTokenMs ??= elapsed();
      if (said.value !== '') onDelta({ text: said.value });
      if (assembly.full) {
        source.cancel();
        return ok({ assembly, firstTokenMs });
      }
    }
  } finally {
    watched.end();
    // The rest is not read; a stream that is broken by then has nothing left to say.
    void parts.return?.().then(undefined, () => undefined);
  }
}

/** Cancels the request in VS Code, and says why. */
function stop({ source, target }: Exchange, { reason }: Watched, limits: Limits): LmFault {
  source.cancel();
  return givenUp(target, reason ?? 'cancelled', limits);
}

/** The tokens of an exchange by the model's own count; where that fails, or makes no sense, by the common estimate. */
async function countedUsage(exchange: Exchange, content: Pick<ModelReply, 'text' | 'toolCalls'>): Promise<Usage> {
  const { request, host, signal } = exchange;
  const estimate = host.estimate(request, content);
  const received = [content.text, ...content.toolCalls.flatMap((call) => [call.name, call.arguments])].join('\n');
  const watched = host.watch(signal, { connectMs: NEVER, firstTokenMs: NEVER, stallMs: NEVER, wholeMs: COUNT_MS });
  try {
    const input = await counted(exchange, sentText(request), watched.signal);
    const output = await counted(exchange, received, watched.signal);
    return { ...estimate, input: likely(input, estimate.input), output: likely(output, estimate.output) };
  } finally {
    watched.end();
  }
}

async function counted({ chat, source }: Exchange, text: string, signal: AbortSignal): Promise<number | null> {
  const count = await first((async () => chat.countTokens(text, source.token))(), signal);
  return count?.ok === true ? tokensOf(count.value) : null;
}

const likely = (count: number | null, estimate: number): number =>
  count === null || count * TOO_FEW < estimate ? estimate : count;

/** A number of tokens out of another extension; null when it is none. */
const tokensOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;

/** The outcome of a promise as a value; null when the signal is aborted before there is one. */
function first<T>(promise: Promise<T>, signal: AbortSignal): Promise<Result<T, unknown> | null> {
  return new Promise((resolve) => {
    const giveUp = (): void => resolve(null);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    void promise
      .then(
        (value) => resolve(ok(value)),
        (error: unknown) => resolve(err(error)),
      )
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}
