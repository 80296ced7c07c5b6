/**
 * The webview's side of the wire: every message that comes is parsed, every message that goes is typed, and the person's
 * position survives a reload.
 */
import { z } from 'zod';
import {
  type HostMessage,
  PROTOCOL_VERSION,
  type ProtocolProblem,
  parseHostMessage,
  type WebviewMessage,
} from '../../src/protocol/messages';
import { paced, type Turns } from './paced';
import { PANES } from './state';

/** What VS Code gives a webview. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

const savedSchema = z.object({
  runId: z.string(),
  selectedSeq: z.number().int().nonnegative().nullable(),
  /** What was unfolded; an older version did not say. */
  panes: z.array(z.enum(PANES)).nullable().default(null),
});
export type Saved = z.infer<typeof savedSchema>;

export interface Host {
  post(message: WebviewMessage): void;
  /** Hands over what comes, in lots, until the returned function is called. */
  listen(
    onMessages: (messages: readonly HostMessage[]) => void,
    onProblem: (problem: ProtocolProblem) => void,
  ): () => void;
  /** The position that was saved before the webview was last closed, and what was unfolded; null when none can be read. */
  saved(): Saved | null;
  save(saved: Saved): void;
}

export function connect(api: VsCodeApi, incoming: EventTarget, turns?: Turns): Host {
  return {
    post: (message) => api.postMessage(message),
    listen: (onMessages, onProblem) => {
      let understood: HostMessage[] = [];
      const settle = (): void => {
        const messages = understood;
        understood = [];
        if (messages.length > 0) onMessages(messages);
      };
      const pace = paced(
        (raw) => {
          const parsed = parseHostMessage(raw);
          if (parsed.ok) understood.push(parsed.value);
          else onProblem(parsed.error);
        },
        settle,
        turns,
      );
      const onEvent = (event: Event): void => {
        if (event instanceof MessageEvent) pace.take(event.data);
      };
      incoming.addEventListener('message', onEvent);
      return () => {
        pace.stop();
        incoming.removeEventListener('message', onEvent);
      };
    },
    saved: () => savedSchema.safeParse(api.getState()).data ?? null,
    save: (saved) => api.setState(saved),
  };
}

/** The message with which a webview opens the conversation, and starts it over when it missed something. */
export const READY: WebviewMessage = { type: 'ready', protocol: PROTOCOL_VERSION };
