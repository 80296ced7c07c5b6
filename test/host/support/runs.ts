/** What tests in the host do with runs, and how they wait. */
import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';

export type Run = { readonly runId: string; readonly status: string; readonly reason: string };
export type Api = { runs(): Promise<readonly Run[]> };

const POLL_MS = 100;
const PATIENCE_MS = 25_000;

export async function until(condition: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) assert.fail(`waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Starts a run with the answers that are filled in, and resolves with its id. */
export async function startRun(api: Api, blueprint?: vscode.Uri): Promise<string> {
  const before = new Set((await api.runs()).map(({ runId }) => runId));
  void vscode.commands.executeCommand('openexec.startRun', blueprint);
  const started = async () => (await api.runs()).find(({ runId }) => !before.has(runId))?.runId;
  await until(
    async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return (await started()) !== undefined;
    },
    () => 'a run to be listed',
  );
  return (await started()) ?? '';
}

/** A task is filled in for the next run: that of the folder's recording, where none was given before. */
export async function keepTask(api: Api): Promise<void> {
  if ((await api.runs()).length > 0) return;
  await startRun(api);
  await cancelAll(api);
}

export async function cancelAll(api: Api): Promise<void> {
  const going = async () => (await api.runs()).filter(({ status }) => status === 'running' || status === 'waiting');
  for (const { runId } of await going()) await vscode.commands.executeCommand('openexec.cancelRun', runId);
  await until(
    async () => (await going()).length === 0,
    () => 'no run to go on',
  );
}
