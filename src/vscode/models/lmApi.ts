/** What is used of VS Code's language model API, and of the host, as values that are handed in: tests hand in a twin. */
import type * as vscode from 'vscode';
import type { Price, Usage } from '../../core/events/parts';
import type { ModelReply, ModelRequest } from '../../core/ports/model';

export type LmApi = Pick<
  typeof vscode,
  | 'CancellationTokenSource'
  | 'LanguageModelChatMessage'
  | 'LanguageModelTextPart'
  | 'LanguageModelToolCallPart'
  | 'LanguageModelToolResultPart'
> & { readonly lm: Pick<typeof vscode.lm, 'selectChatModels'> };

export type Limits = {
  readonly connectMs: number;
  readonly firstTokenMs: number;
  readonly stallMs: number;
  readonly wholeMs: number | null;
};

/** A request that is watched: `signal` is aborted when it is given up, `reason` then says why. */
export interface Watched {
  readonly signal: AbortSignal;
  readonly reason: string | null;
  progress(token: boolean): void;
  end(): void;
}

/** What a person has set of a model. There is no connection of ours whose time could be limited. */
export type LmSet = {
  readonly limits?: Partial<Limits>;
  readonly price?: Price | null;
};

/** What an adapter needs of the host; the composition root has it from the adapters of Node. */
export type LmHost = {
  readonly watch: (caller: AbortSignal, limits: Limits) => Watched;
  /** The estimate of an exchange's tokens that every adapter falls back to. */
  readonly estimate: (request: ModelRequest, reply: Pick<ModelReply, 'text' | 'toolCalls'>) => Usage;
  /** Milliseconds that never go back. */
  readonly monotonic: () => number;
} & LmSet;

/** The model that is asked, as failures name it. */
export type LmTarget = { readonly name: string; readonly vendor: string };
