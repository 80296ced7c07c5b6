/** The models that VS Code offers, and the way from a name to one of them. */
import type * as vscode from 'vscode';
import { err, ok, type Result } from '../../core/kernel/result';
import type { Model } from '../../core/ports/model';
import { oneLine } from '../../protocol/format';
import { createVscodeModel } from './lm';
import type { LmApi, LmHost, LmSet } from './lmApi';

/** What is known of a model of VS Code. */
export type VscodeModelInfo = {
  /** What it is chosen by, after `vscode:`; names one model only. */
  readonly name: string;
  readonly title: string;
  readonly vendor: string;
  readonly family: string;
  readonly contextTokens: number | null;
  /** Whether it can call tools, without which it is of no use to most nodes; null where VS Code does not say. */
  readonly callsTools: boolean | null;
};

export type VscodeModelProblem = { readonly code: 'model_unconfigured'; readonly message: string };

export type VscodeModels = {
  /** All models, in VS Code's order; looking asks no model and no person anything. */
  list(): Promise<VscodeModelInfo[]>;
  /** The model of a name: its id, its family, or either behind `VENDOR/`. */
  open(name: string, set?: LmSet): Promise<Result<Model, VscodeModelProblem>>;
};

/** The models of a window; `api` is VS Code's. */
export function vscodeModels(api: LmApi, host: LmHost): VscodeModels {
  const all = async () => api.lm.selectChatModels({});
  return {
    async list() {
      const chats = await all();
      return chats.map((chat) => infoOf(chat, chats));
    },
    async open(name, set = {}) {
      const chats = await all();
      const found = withName(chats, name);
      const [chat] = found;
      const vendors = [...new Set(found.map(({ vendor }) => vendor))];
      if (chat === undefined) return err(problem(noneText(name, chats)));
      if (vendors.length > 1) {
        const which = `Several vendors in VS Code have a model "${oneLine(name, 80)}"`;
        return err(
          problem(`${which}. Say which: ${vendors.map((vendor) => `vscode:${vendor}/${name}`).join(' or ')}.`),
        );
      }
      return ok(createVscodeModel(api, chat, name, { ...host, ...set }));
    },
  };
}

/** An id comes before a family; of the versions of a family the first that VS Code names. */
function withName(chats: readonly vscode.LanguageModelChat[], name: string): vscode.LanguageModelChat[] {
  const ways: readonly ((chat: vscode.LanguageModelChat) => string)[] = [
    ({ id }) => id,
    ({ family }) => family,
    ({ vendor, id }) => `${vendor}/${id}`,
    ({ vendor, family }) => `${vendor}/${family}`,
  ];
  for (const way of ways) {
    const found = chats.filter((chat) => way(chat) === name);
    if (found.length > 0) return found;
  }
  return [];
}

function infoOf(chat: vscode.LanguageModelChat, chats: readonly vscode.LanguageModelChat[]): VscodeModelInfo {
  const { id, vendor, family, maxInputTokens } = chat;
  const alone = withName(chats, id).every((other) => other.vendor === vendor);
  const known = Number.isSafeInteger(maxInputTokens) && maxInputTokens > 0;
  return {
    name: alone ? id : `${vendor}/${id}`,
    title: chat.name === '' ? id : chat.name,
    vendor,
    family,
    contextTokens: known ? maxInputTokens : null,
    callsTools: callsToolsOf(chat),
  };
}

/** Newer than the API that OpenExec is built against. */
function callsToolsOf(chat: vscode.LanguageModelChat): boolean | null {
  const { capabilities } = chat as { capabilities?: { supportsToolCalling?: unknown } };
  return typeof capabilities?.supportsToolCalling === 'boolean' ? capabilities.supportsToolCalling : null;
}

const problem = (message: string): VscodeModelProblem => ({ code: 'model_unconfigured', message });

function noneText(name: string, chats: readonly vscode.LanguageModelChat[]): string {
  const none =
    'VS Code has no models now: an extension such as GitHub Copilot brings them, and you may have to sign in there';
  const some = `VS Code has ${[...new Set(chats.map(({ id }) => id))].slice(0, 8).join(', ')}`;
  return `There is no model "${oneLine(name, 80)}" in VS Code. ${oneLine(chats.length === 0 ? none : some, 300)}. Choose one with "OpenExec: Choose Model…".`;
}
