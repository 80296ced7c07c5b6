/** The question which model new runs use. Servers of this machine are asked for theirs at once, others when the person says so. */
import * as vscode from 'vscode';
import { messageOf } from '../../core/kernel/errors';
import { labelText } from '../exactText';
import type { ModelChoices, ModelRow, ModelServer, Models } from './models';
import { type RowTexts, rowTexts, serverTexts } from './rowTexts';

/** What the person wants: a model, or one of the ways on beside it. */
export type Wanted =
  | { readonly kind: 'model'; readonly spec: string; readonly row: ModelRow | null }
  | { readonly kind: 'key' }
  | { readonly kind: 'settings' };

type Does =
  | { readonly kind: 'heading' }
  | { readonly kind: 'said' }
  | { readonly kind: 'ask'; readonly server: ModelServer }
  | { readonly kind: 'write' }
  | Wanted;
type Item = vscode.QuickPickItem & { readonly does: Does };

/** What is asked for, and what is said of the model that is used until now. */
export type ModelQuestion = { readonly title: string; readonly placeholder: string; readonly used: string };

const FOR_NEW_RUNS: ModelQuestion = {
  title: 'Choose Model',
  placeholder: 'Which model do new runs of this workspace use?',
  used: 'used now',
};

/** Undefined when the person backs out. Asking a server ends with the question. */
export async function pickModel(
  choices: ModelChoices,
  models: Models,
  question: ModelQuestion = FOR_NEW_RUNS,
): Promise<Wanted | undefined> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = question.title;
  pick.placeholder = question.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.ignoreFocusOut = true;
  const asking = new AbortController();
  const listed = new Listed(choices, question.used);
  let left = 0;
  const draw = (): void => {
    const [active] = pick.activeItems;
    pick.items = listed.items();
    const same = pick.items.find(
      ({ label, description }) => label === active?.label && description === active.description,
    );
    if (same) pick.activeItems = [same];
  };
  const ask = async (server: ModelServer): Promise<void> => {
    left += 1;
    pick.busy = true;
    try {
      listed.add(server, await models.ask(server, asking.signal));
    } catch (error) {
      listed.fail(server, messageOf(error));
    }
    left -= 1;
    if (asking.signal.aborted) return;
    pick.busy = left > 0;
    draw();
  };
  draw();
  const answered = answerOf(pick, ask);
  pick.show();
  for (const server of choices.servers.filter(({ loopback }) => loopback)) void ask(server);
  const answer = await answered;
  asking.abort();
  pick.dispose();
  return answer?.kind === 'write' ? writeSpec(question.title, choices.current ?? '') : answer;
}

function answerOf(
  pick: vscode.QuickPick<Item>,
  ask: (server: ModelServer) => Promise<void>,
): Promise<Wanted | { readonly kind: 'write' } | undefined> {
  return new Promise((resolve) => {
    pick.onDidAccept(() => {
      const does = pick.selectedItems[0]?.does;
      // What is only said is no choice: the question stays.
      if (does === undefined || does.kind === 'heading' || does.kind === 'said') return;
      if (does.kind === 'ask') void ask(does.server);
      else {
        resolve(does);
        pick.hide();
      }
    });
    pick.onDidHide(() => resolve(undefined));
  });
}

/** What is listed so far: what is known, and what servers have said. */
class Listed {
  readonly #choices: ModelChoices;
  readonly #used: string;
  readonly #answers = new Map<string, readonly ModelRow[] | string>();

  constructor(choices: ModelChoices, used: string) {
    this.#choices = choices;
    this.#used = used;
  }

  add({ provider }: ModelServer, rows: readonly ModelRow[]): void {
    this.#answers.set(provider, rows.length === 0 ? 'The server names no model.' : rows);
  }

  fail({ provider }: ModelServer, why: string): void {
    this.#answers.set(provider, why);
  }

  items(): Item[] {
    const { rows, servers, current } = this.#choices;
    const found = [...this.#answers.values()].flatMap((answer) => (typeof answer === 'string' ? [] : answer));
    const all = [...rows, ...found.filter(({ spec }) => !rows.some((row) => row.spec === spec))];
    const groups = [...new Set(all.map(({ group }) => group))];
    const modelItems = groups.flatMap((group) => [
      heading(group),
      ...all
        .filter((row) => row.group === group)
        .map((row) => modelItem(row, row.spec === current ? this.#used : null)),
    ]);
    const open = servers.filter(({ provider }) => !Array.isArray(this.#answers.get(provider)));
    return [...modelItems, heading('more'), ...open.map((server) => this.#serverItem(server)), ...WAYS_ON];
  }

  #serverItem(server: ModelServer): Item {
    const failed = this.#answers.get(server.provider);
    const texts = serverTexts(server);
    if (typeof failed !== 'string') return item({ kind: 'ask', server }, texts);
    return item({ kind: 'ask', server }, { ...texts, detail: `$(warning) ${labelText(failed)}` });
  }
}

const item = (does: Does, texts: RowTexts): Item => ({ does, ...texts });

const heading = (group: string): Item => ({
  does: { kind: 'heading' },
  label: labelText(group),
  kind: vscode.QuickPickItemKind.Separator,
});

function modelItem(row: ModelRow, used: string | null): Item {
  const texts = rowTexts(row);
  const description = used === null ? texts.description : `${texts.description} · ${used}`;
  return item({ kind: 'model', spec: row.spec, row }, { ...texts, description });
}

const WAYS_ON: readonly Item[] = [
  item(
    { kind: 'write' },
    {
      label: '$(edit) Write a Name…',
      description: 'provider:name',
      detail: 'For a model that is not in the list, such as a new one of a provider',
    },
  ),
  item(
    { kind: 'key' },
    { label: '$(key) Set API Key…', description: '', detail: 'Kept in the secret storage of VS Code' },
  ),
  item(
    { kind: 'settings' },
    {
      label: '$(gear) Add a Server…',
      description: 'openexec.models',
      detail: 'Ollama, LM Studio, vLLM, llama.cpp or a gateway: its address, in the user settings',
    },
  ),
];

async function writeSpec(title: string, value: string): Promise<Wanted | undefined> {
  const written = await vscode.window.showInputBox({
    title,
    prompt: 'The model as provider:name, such as anthropic:NAME, openai:NAME, vscode:FAMILY or the id of a server.',
    value,
    ignoreFocusOut: true,
    validateInput: (text) => (/^[^:\s]+:.*\S/.test(text.trim()) ? undefined : 'Write it as provider:name.'),
  });
  return written === undefined ? undefined : { kind: 'model', spec: written.trim(), row: null };
}

/** Goes the way that was chosen in the place of a model. */
export async function goOn({ kind }: Exclude<Wanted, { kind: 'model' }>): Promise<void> {
  if (kind === 'key') await vscode.commands.executeCommand('openexec.setApiKey');
  else await vscode.commands.executeCommand('workbench.action.openSettings', 'openexec.models');
}
