/** A request of the port as messages of VS Code's language model API, which knows no system message. Pure. */
import type * as vscode from 'vscode';
import { z } from 'zod';
import type { Message } from '../../core/events/parts';
import { textOf } from '../../core/events/payload';
import { assertNever } from '../../core/kernel/assertNever';
import type { ModelRequest, ToolDefinition } from '../../core/ports/model';
import type { LmApi } from './lmApi';

const jsonObject = z.record(z.string(), z.unknown());

/**
 * What the system says comes first, as a message of the user. The results of one reply's calls are one message, as vendors
 * want them; a message of the assistant in which nothing stands is left out, for many vendors refuse it.
 */
export function lmMessages(api: LmApi, { messages }: ModelRequest): vscode.LanguageModelChatMessage[] {
  const sent: vscode.LanguageModelChatMessage[] = [];
  let results: vscode.LanguageModelToolResultPart[] = [];
  const flush = (): void => {
    if (results.length > 0) sent.push(api.LanguageModelChatMessage.User(results));
    results = [];
  };
  for (const message of messages) {
    if (message.role === 'tool') results.push(resultPart(api, message));
    else {
      flush();
      const said = messageOf(api, message);
      if (said !== null) sent.push(said);
    }
  }
  flush();
  return sent;
}

/** The tools of a request; their calls come back as parts of the reply. */
export const lmTools = (tools: readonly ToolDefinition[]): vscode.LanguageModelChatTool[] =>
  tools.map(({ name, description, parameters }) => ({ name, description, inputSchema: jsonObject.parse(parameters) }));

/** Everything that a request sends, as one text to be counted. */
export function sentText({ messages, tools }: ModelRequest): string {
  const said = messages.flatMap((message) => [
    textOf(message.content),
    ...(message.role === 'assistant' ? message.toolCalls.flatMap((call) => [call.name, textOf(call.arguments)]) : []),
  ]);
  return [...said, ...(tools.length === 0 ? [] : [JSON.stringify(tools)])].join('\n');
}

const resultPart = (api: LmApi, { call, content }: Extract<Message, { role: 'tool' }>) =>
  new api.LanguageModelToolResultPart(call, [new api.LanguageModelTextPart(textOf(content))]);

function messageOf(api: LmApi, message: Exclude<Message, { role: 'tool' }>): vscode.LanguageModelChatMessage | null {
  const text = textOf(message.content);
  switch (message.role) {
    case 'system':
    case 'user':
      return api.LanguageModelChatMessage.User(text);
    case 'assistant': {
      const calls = message.toolCalls.map(
        (call) => new api.LanguageModelToolCallPart(call.id, call.name, inputOf(textOf(call.arguments))),
      );
      const parts = [...(text === '' ? [] : [new api.LanguageModelTextPart(text)]), ...calls];
      return parts.length === 0 ? null : api.LanguageModelChatMessage.Assistant(parts);
    }
    default:
      return assertNever(message);
  }
}

/** The API takes objects only. What is none, which this adapter never made, goes back as it was, inside of one. */
function inputOf(text: string): object {
  try {
    const parsed = jsonObject.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON at all.
  }
  return { notAnObject: text };
}
