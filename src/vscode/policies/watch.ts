/** Whether today's policy may have changed: the files of its layers, and what else a run is frozen with. */
import path from 'node:path';
import * as vscode from 'vscode';

/** Below a folder: its own policy and toolsets, and where its commands are declared or found. VS Code's braces do not nest. */
const IN_FOLDER =
  '{.openexec/*.yaml,.openexec/toolsets/*.yaml,.openexec/toolsets/*.yml,package.json,Makefile,pyproject.toml,go.mod,Cargo.toml}';

/** Calls back soon after a change; many in a row are one. */
export function watchPolicies(files: readonly string[], changed: () => void): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(changed, 200);
  };
  const outside = files.map(
    (file) => new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file)),
  );
  const inside = (vscode.workspace.workspaceFolders ?? []).map(
    (folder) => new vscode.RelativePattern(folder, IN_FOLDER),
  );
  const watchers = [...outside, ...inside].map((pattern) => vscode.workspace.createFileSystemWatcher(pattern));
  const listening = watchers.flatMap((watcher) => [
    watcher.onDidChange(soon),
    watcher.onDidCreate(soon),
    watcher.onDidDelete(soon),
  ]);
  return vscode.Disposable.from(...watchers, ...listening, { dispose: () => clearTimeout(timer) });
}
