/**
 * A twin of VS Code's language model API for tests without a host: its classes, and models that follow a script. It does what
 * the extension host does: parts come one by one, a cancelled token ends the request at the vendor and leaves the stream
 * open until the vendor ends it, and errors arrive as other processes' errors do.
 */
import type { LmApi } from '../../src/vscode/models/lmApi';

class LanguageModelTextPart {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}
class LanguageModelToolCallPart {
  readonly callId: string;
  readonly name: string;
  readonly input: object;
  constructor(callId: string, name: string, input: object) {
    this.callId = callId;
    this.name = name;
    this.input = input;
  }
}
class LanguageModelToolResultPart {
  readonly callId: string;
  readonly content: unknown[];
  constructor(callId: string, content: unknown[]) {
    this.callId = callId;
    this.content = content;
  }
}
class LanguageModelChatMessage {
  readonly role: 1 | 2;
  readonly content: unknown[];
  constructor(role: 1 | 2, content: string | unknown[]) {
    this.role = role;
    this.content = typeof content === 'string' ? [new LanguageModelTextPart(content)] : [...content];
  }
  static User = (content: string | unknown[]) => new LanguageModelChatMessage(1, content);
  static Assistant = (content: string | unknown[]) => new LanguageModelChatMessage(2, content);
}
class CancellationTokenSource {
  readonly #control = new AbortController();
  readonly token = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void) => {
      this.#control.signal.addEventListener('abort', listener);
      return { dispose: () => this.#control.signal.removeEventListener('abort', listener) };
    },
  };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.#control.abort();
  }
  dispose(): void {}
}

/** An error of VS Code's with one of its codes, or of a vendor's with a name of its own. */
export const lmError = (code: string, message = '', name = 'LanguageModelError'): Error =>
  Object.assign(new Error(message), { name, code });

export const text = (value: string): unknown => new LanguageModelTextPart(value);
export const toolCall = (callId: string, name: string, input: unknown): unknown =>
  new LanguageModelToolCallPart(callId, name, input as object);

/** What a model does with a request, step by step: parts that it sends, errors, or silence until it is cancelled. */
export type Step = { readonly part: unknown } | { readonly error: unknown } | 'silence';
export type Script = {
  /** What comes of sending; a silence stands for a person who is being asked. */
  readonly send?: { readonly error: unknown } | 'silence';
  readonly steps?: readonly Step[];
  readonly count?: (text: string) => number | Promise<number>;
};

export type SentRequest = {
  readonly messages: readonly { readonly role: 1 | 2; readonly content: readonly unknown[] }[];
  readonly options: { readonly justification?: string; readonly tools?: readonly unknown[] };
  /** Resolves when the token of the request is cancelled. */
  readonly cancelled: Promise<void>;
  readonly isCancelled: () => boolean;
};

type ChatFacts = { id?: string; vendor?: string; family?: string; name?: string; maxInputTokens?: number };

/** A model that does as it is told, and remembers what it was asked. */
export function scriptedChat(script: Script, facts: ChatFacts & Readonly<Record<string, unknown>> = {}) {
  const requests: SentRequest[] = [];
  const chat = {
    id: 'test-1',
    vendor: 'acme',
    family: 'test',
    name: 'Test One',
    version: '1',
    maxInputTokens: 8_000,
    ...facts,
    countTokens: async (value: string) => (script.count ?? ((counted: string) => counted.length))(value),
    async sendRequest(messages: SentRequest['messages'], options: SentRequest['options'], token: unknown) {
      const { onCancellationRequested, isCancellationRequested } = token as CancellationTokenSource['token'];
      const state = { cancelled: isCancellationRequested };
      const cancelled = new Promise<void>((resolve) => {
        onCancellationRequested(() => {
          state.cancelled = true;
          resolve();
        });
      });
      requests.push({ messages, options, cancelled, isCancelled: () => state.cancelled });
      if (script.send === 'silence') await new Promise(() => undefined);
      else if (script.send !== undefined) throw script.send.error;
      return { stream: streamOf(script.steps ?? []), text: streamOf([]) };
    },
  };
  return { chat, requests };
}

async function* streamOf(steps: readonly Step[]): AsyncGenerator<unknown> {
  for (const step of steps) {
    // As in the host, where every part is a message of another process.
    await Promise.resolve();
    if (step === 'silence') await new Promise(() => undefined);
    else if ('error' in step) throw step.error;
    else yield step.part;
  }
}

/** The API with these models. */
export function lmApi(...chats: readonly unknown[]): LmApi {
  return {
    CancellationTokenSource,
    LanguageModelChatMessage,
    LanguageModelTextPart,
    LanguageModelToolCallPart,
    LanguageModelToolResultPart,
    lm: { selectChatModels: async () => [...chats] },
  } as unknown as LmApi;
}
