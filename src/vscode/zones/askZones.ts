/** Choosing zones: out of what is proposed and what the repository has, with globs of one's own. */
import * as vscode from 'vscode';
import { labelText } from '../exactText';
import { repositoryParts } from './repositoryParts';
import { globsIn, globsProblem, widerThan, type ZoneChoice, zoneChoices } from './zones';

type Question = {
  readonly title: string;
  readonly placeholder: string;
  /** The repository's root. */
  readonly root: string;
  /** What the plan proposes, or what holds now. */
  readonly proposed: readonly string[];
  /** What is ticked at first. */
  readonly ticked: readonly string[];
  /** What the zones of `proposed` are called. */
  readonly called: 'proposed' | 'now';
};

type Row = vscode.QuickPickItem & { readonly zone: string | null };

const OTHER: Row = { label: '$(add) Other Globs…', description: 'such as libs/*/src/**', zone: null, alwaysShow: true };

/** The zones that the person chose, at least one; undefined when they back out. */
export async function askZones(question: Question): Promise<string[] | undefined> {
  const picked = await pickZones(question);
  if (picked === undefined) return undefined;
  const zones = picked.flatMap(({ zone }) => zone ?? []);
  if (zones.length === picked.length) return zones;
  const written = await askGlobs({ title: question.title, prompt: WRITE, value: '' });
  if (written === undefined) return undefined;
  const all = [...new Set([...zones, ...written])];
  return all.length === 0 ? undefined : all;
}

const WRITE =
  'Globs from the root of the repository, separated by commas. The name of a folder stands for all below it.';

/** Globs that the person writes; undefined when they back out. */
export async function askGlobs(input: { title: string; prompt: string; value: string }): Promise<string[] | undefined> {
  const written = await vscode.window.showInputBox({
    ...input,
    placeHolder: 'packages/web/**, docs/*.md',
    ignoreFocusOut: true,
    validateInput: globsProblem,
  });
  return written === undefined ? undefined : globsIn(written);
}

async function pickZones({ title, placeholder, root, ...known }: Question): Promise<Row[] | undefined> {
  const pick = Object.assign(vscode.window.createQuickPick<Row>(), { title, placeholder });
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.busy = true;
  const answered = new Promise<Row[] | undefined>((resolve) => {
    pick.onDidAccept(() => {
      if (pick.selectedItems.length === 0) return;
      resolve([...pick.selectedItems]);
      pick.hide();
    });
    pick.onDidHide(() => resolve(undefined));
  });
  pick.show();
  try {
    const parts = await repositoryParts(root);
    const choices = zoneChoices([...new Set([...known.proposed, ...known.ticked])], parts);
    const rows = [...choices.map((choice) => rowOf(choice, known)), OTHER];
    pick.items = rows;
    pick.selectedItems = rows.filter(({ zone }) => zone !== null && known.ticked.includes(zone));
    pick.busy = false;
    return await answered;
  } finally {
    pick.dispose();
  }
}

const FROM = { proposed: '', package: 'a package', folder: 'a folder', everything: 'the whole repository' } as const;

function rowOf({ zone, from }: ZoneChoice, { proposed, called }: Pick<Question, 'proposed' | 'called'>): Row {
  const wider = widerThan(proposed, [zone]).length > 0;
  const words = proposed.includes(zone) ? [called] : [FROM[from], wider ? `wider than ${called}` : `within ${called}`];
  return { label: labelText(zone), description: words.filter((word) => word !== '').join(', '), zone };
}
