/** Editing the input of a call that waits for an approval: in a line, or in a document of its own. */
import * as vscode from 'vscode';
import { oneLine } from '../protocol/format';
import type { PendingApproval } from './approvals';
import { type EditForm, editFormOf, inputOf } from './editedInput';
import { info } from './messages';

const APPROVE = 'Approve as Edited';
const DISCARD = 'Discard Edit';

/** The input as JSON text; undefined when the person gave the edit up. */
export function editInput({ title, detail }: PendingApproval): Promise<string | undefined> {
  const form = editFormOf(detail);
  return form.kind === 'document' ? inDocument(form) : inLine(form, title);
}

async function inLine(form: EditForm, title: string): Promise<string | undefined> {
  const problemOf = (written: string): string | null => {
    const input = inputOf(form, written);
    return input.ok ? null : input.error;
  };
  const written = await vscode.window.showInputBox({
    title: `Edit: ${oneLine(title, 80)}`,
    prompt: `${form.kind === 'member' ? form.name : 'Arguments, as JSON'}. Enter approves it so; the policy decides on it anew.`,
    value: form.text,
    ignoreFocusOut: true,
    validateInput: problemOf,
  });
  if (written === undefined) return undefined;
  const input = inputOf(form, written);
  return input.ok ? input.value : undefined;
}

/** The document is nobody's file: it goes with the answer. */
async function inDocument(form: EditForm): Promise<string | undefined> {
  const document = await vscode.workspace.openTextDocument({ language: 'json', content: form.text });
  await vscode.window.showTextDocument(document, { preview: false });
  try {
    let text = 'OpenExec: edit the arguments in the editor, then approve them.';
    for (;;) {
      const picked = await info(text, APPROVE, DISCARD);
      if (picked !== APPROVE) return undefined;
      const input = inputOf(form, document.getText());
      if (input.ok) return input.value;
      text = `OpenExec: ${input.error} Mend it, then approve it.`;
    }
  } finally {
    await close(document);
  }
}

async function close(document: vscode.TextDocument): Promise<void> {
  if (document.isClosed) return;
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}
