/** The question which policy is meant: one that is shipped, the one that is set, or a file. */
import path from 'node:path';
import * as vscode from 'vscode';
import { labelText } from '../exactText';
import { policySetting } from '../settings';

type Item = vscode.QuickPickItem & { readonly policy: string | null };

export type PolicyQuestion = {
  readonly title: string;
  readonly placeHolder: string;
  /** The id of the policy of the run that it is about. */
  readonly used: string;
  /** Where the choice of a file begins; null for no place in particular. */
  readonly folder: string | null;
};

type Shipped = readonly { readonly id: string; readonly description: string }[];

/** The id of a shipped policy, or the absolute path of a file; undefined when the person backs out. */
export async function pickPolicy(shipped: Shipped, question: PolicyQuestion): Promise<string | undefined> {
  const { title, placeHolder, used, folder } = question;
  const items: Item[] = shipped.map(({ id, description }) => ({
    ...{ label: id, detail: labelText(description), policy: id },
    ...(id === used ? { description: 'used by this run' } : {}),
  }));
  const set = fileOfSetting();
  if (set !== null) {
    const label = labelText(path.basename(set));
    items.push({ label, description: 'openexec.policy', detail: labelText(set), policy: set });
  }
  items.push({ label: '$(folder-opened) Choose a File…', detail: 'A policy of your own, in YAML', policy: null });
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDetail: true });
  return picked?.policy === null ? pickFile(title, folder) : picked?.policy;
}

async function pickFile(title: string, folder: string | null): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      ...{ title, openLabel: 'Choose', filters: { Policy: ['yaml', 'yml'] } },
      ...(folder === null ? {} : { defaultUri: vscode.Uri.file(folder) }),
    })) ?? [];
  return file?.fsPath;
}

/** A setting that names no policy is no choice here; a start says what is wrong with it. */
function fileOfSetting(): string | null {
  try {
    const set = policySetting();
    return path.isAbsolute(set) ? set : null;
  } catch {
    return null;
  }
}
