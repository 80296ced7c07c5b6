/**
 * What the contract of models needs to know of a protocol: a local server that really speaks it over HTTP with server-sent
 * events, and an adapter that is sent there. Everything else of the contract is the same for all.
 */
import type { Model, ModelReply } from '../../src/core/ports/model';
import type { Limits } from '../../src/node/models/shared/limits';
import type { Transport } from '../../src/node/models/shared/transport';
import type { Certificate, SseServer } from '../support/sseServer';

type Call = { readonly id: string; readonly name: string; readonly arguments: string };

/** A reply as the contract says it, in no protocol's words. */
export type Said = {
  /** The text, in the pieces in which it is streamed. */
  readonly text?: readonly string[];
  readonly toolCalls?: readonly Call[];
  /** Characters of a piece of the arguments of a call. */
  readonly size?: number;
  /** Why it ended; by default for its calls, or by itself. */
  readonly stop?: ModelReply['stop'];
  /** Whether the server says what was used: 11 tokens in and 7 out. */
  readonly usage?: boolean;
};

export type At = {
  readonly baseUrl: string;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits?: Partial<Limits>;
  readonly transport?: Transport;
};

export interface Dialect {
  readonly name: string;
  start(options?: { readonly tls?: Certificate }): Promise<SseServer>;
  model(at: At): Model;
  /** The header in which a key travels, as this key. */
  keyHeader(key: string): { readonly name: string; readonly value: string };
  /** The events of a complete stream; null where the protocol has no such end. */
  reply(said: Said): string[] | null;
  /** The events that open a stream before a model has said anything. */
  readonly opening: readonly string[];
  /** The events that begin a tool call and part of its arguments, after `opening`. */
  readonly halfCall: readonly string[];
  /** One more event with this text, after `opening`. */
  text(text: string): string[];
  /** An error that the server reports inside a stream, as an overloaded server does. */
  errorEvent(message: string): string;
  /** The body of an answer with an error status. */
  errorBody(status: number, message: string): string;
  /** Answers that say that the account has no quota left, that the request is too large for the model. */
  readonly quota: { readonly status: number; readonly body: string };
  readonly tooLarge: { readonly status: number; readonly body: string };
}
