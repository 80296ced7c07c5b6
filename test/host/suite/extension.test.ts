/** The extension inside the real extension host: what it declares, what its activation does, and a run without a person. */
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import workerThreads, { type Worker, type WorkerOptions } from 'node:worker_threads';
import * as vscode from 'vscode';

type Run = { readonly runId: string; readonly status: string; readonly reason: string; readonly task: string };
type Api = { runs(): Promise<readonly Run[]> };
type Contributed = { readonly command: string; readonly when?: string };
type Manifest = {
  readonly capabilities: Readonly<Record<'untrustedWorkspaces' | 'virtualWorkspaces', { supported: unknown }>>;
  readonly contributes: {
    readonly commands: readonly Contributed[];
    readonly menus: Readonly<Record<string, readonly Contributed[]>>;
  };
};

const ON_A_RUN = [
  'openTimeline',
  'copyLink',
  'compareRuns',
  'rerunWithModel',
  'rerunUnderPolicy',
  'whatIf',
  'resumeRun',
  'pauseRun',
  'cancelRun',
  'reviewChanges',
  'applyResult',
  'applyFiles',
  'commitOnBranch',
  'undoApply',
  'discardResult',
  'replayRun',
  'replayNode',
  'verifyRun',
  'exportEvidence',
  'exportReport',
  'showPolicyDrift',
  'showLedger',
  'widenZones',
];
const ON_AN_APPROVAL = [
  'allowOnce',
  'allowInRun',
  'deny',
  'denyWithReason',
  'approve',
  'reject',
  'editApproval',
  'answerQuestion',
  'sendContext',
  'sendSome',
  'sendNothing',
];
/** Called from notifications, code actions and timelines, each about one decision. */
const ON_A_DECISION = ['explainDecision', 'openPolicy'];
/** Called from the menus of tests. */
const ON_A_TEST = ['fixTest'];
/** The palette offers them as well, the first two while a run goes on, and asks which one where there are several. */
const IN_PALETTE = [
  'pauseRun',
  'widenZones',
  'showLedger',
  'compareRuns',
  'exportReport',
  'rerunWithModel',
  'rerunUnderPolicy',
  'whatIf',
  'reviewChanges',
  'applyFiles',
  'commitOnBranch',
  'undoApply',
];
/** The sample's recording tries to read it. */
const DENIED = 'config/production.env';
const POLL_MS = 100;

suite('the extension in its host', () => {
  const extension = vscode.extensions.getExtension<Api>('openexec.openexec');
  assert.ok(extension, 'the extension is not there');
  const manifest = extension.packageJSON as Manifest;
  const workers = countWorkers();
  let api: Api;

  /** The newest run comes to a status; when it does not, the message says where it stands instead. */
  async function untilStatus(status: string): Promise<void> {
    let seen = '';
    await until(
      async () => {
        const [run] = await api.runs();
        seen = `${run?.status} (${run?.reason})`;
        return run?.status === status;
      },
      () => `the run to be ${status}; it is ${seen}`,
    );
  }

  suiteTeardown(() => workers.stop());

  test('activation registers and opens nothing: no worker thread runs before the first use', async () => {
    assert.equal(extension.isActive, false);
    api = await extension.activate();
    assert.deepEqual(workers.started, []);
  });

  test('the first use of the store starts its worker, once', async () => {
    assert.deepEqual(await api.runs(), []);
    await api.runs();
    assert.deepEqual(workers.started, ['store-worker.js']);
  });

  test('every contributed command is registered, and no other', async () => {
    const contributed = manifest.contributes.commands.map(({ command }) => command).sort();
    const all = await vscode.commands.getCommands(true);
    // VS Code makes the commands of a view and its container itself.
    const own = all.filter((id) => /^openexec\.\w+$/.test(id));
    assert.deepEqual(own.sort(), contributed);
  });

  test('commands that need a run are not in the palette; the others are', () => {
    const hidden = (manifest.contributes.menus.commandPalette ?? [])
      .filter(({ when }) => when === 'false')
      .map(({ command }) => command);
    const needing = [...ON_A_RUN, ...ON_AN_APPROVAL, ...ON_A_DECISION, ...ON_A_TEST];
    const expected = needing.filter((name) => !IN_PALETTE.includes(name)).map((name) => `openexec.${name}`);
    assert.deepEqual(hidden.sort(), expected.sort());
  });

  test('every command in a menu is contributed, and every command on a run but these is in its context menu', () => {
    const { menus, commands } = manifest.contributes;
    const known = new Set(commands.map(({ command }) => command));
    for (const entries of Object.values(menus))
      for (const { command } of entries) assert.ok(known.has(command), command);
    const onRuns = new Set((menus['view/item/context'] ?? []).map(({ command }) => command));
    const expected = [...ON_A_RUN, ...ON_AN_APPROVAL, 'reviewApprovals'].map((name) => `openexec.${name}`);
    assert.deepEqual([...onRuns].sort(), expected.sort());
  });

  test('nothing is deleted by itself: retention is off, and a folder cannot turn it on', async () => {
    const settings = () => vscode.workspace.getConfiguration('openexec');
    assert.equal(settings().get('retention.days'), 0);
    await assert.rejects(async () => settings().update('retention.days', 1, vscode.ConfigurationTarget.Workspace));
    assert.equal(settings().get('retention.days'), 0);
  });

  test('the index can be rebuilt when there is no run yet', async () => {
    await vscode.commands.executeCommand('openexec.rebuildIndex');
    assert.deepEqual(await api.runs(), []);
  });

  test('restricted mode is supported in part, virtual folders are not', () => {
    assert.equal(manifest.capabilities.untrustedWorkspaces.supported, 'limited');
    assert.equal(manifest.capabilities.virtualWorkspaces.supported, false);
  });

  test('a run that does not exist opens no timeline', async () => {
    void vscode.commands.executeCommand('openexec.openTimeline', 'no-such-run');
    // Commands are answered in turn: when this one has listed the runs, the other has looked for its run.
    await api.runs();
    assert.deepEqual(timelines(), []);
  });

  test('a run that is started with the answers filled in waits for approval, and its timeline is open', async () => {
    void vscode.commands.executeCommand('openexec.startRun');
    await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return (await api.runs()).length > 0;
      },
      () => 'a run to be listed',
    );
    await untilStatus('waiting');
    await until(
      () => timelines().length === 1,
      () => 'the timeline to open',
    );
    assert.match((await api.runs())[0]?.task ?? '', /^Invoices with a discount/);
  });

  test('what was denied is a warning at the file itself, and from there its whole derivation is one step away', async () => {
    await until(
      () => denialsAt(deniedFile()).length > 0,
      () => `a warning at ${DENIED}`,
    );
    const [denial] = denialsAt(deniedFile());
    assert.equal(denial?.code, 'secrets-never-read');
    assert.equal(denial?.severity, vscode.DiagnosticSeverity.Warning);
    const explain = await explaining(deniedFile());
    await vscode.commands.executeCommand(explain.command, ...(explain.arguments ?? []));
    const text = await shownText((name) => name.startsWith('Decision at event'));
    assert.match(text, /^# Denied: read_file/);
    assert.match(text, /This rule comes from the policy that was chosen for the run: standard/);
    assert.match(text, /secrets-never-read \(deny\): \*\*deny\*\*.*this one decided/);
    assert.match(text, /Policy snapshot: [0-9a-f]{64}/);
  });

  test('the policy of that denial opens at its rule', async () => {
    const explain = await explaining(deniedFile());
    await vscode.commands.executeCommand('openexec.openPolicy', ...(explain.arguments ?? []));
    const editor = vscode.window.activeTextEditor;
    assert.match(editor?.document.uri.path ?? '', /\/policies\/standard\.yaml$/);
    assert.match(editor?.document.lineAt(editor.selection.start.line).text ?? '', /secrets-never-read/);
  });

  test('what waits for approval can be reviewed: the exact question is open in the editor', async () => {
    const reviewed = vscode.commands.executeCommand('openexec.reviewApprovals');
    const text = await shownText((name) => name.startsWith('Approval '));
    assert.match(text, /^# Waiting for your approval/);
    assert.match(text, /Your answer holds for exactly this under this snapshot/);
    // Put away, it waits on.
    let over = false;
    void reviewed.then(() => {
      over = true;
    });
    await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        return over;
      },
      () => 'the review to be over',
    );
    await untilStatus('waiting');
  });

  test('another policy over a run is told without a model, and each event in it leads into the timeline', async () => {
    const [run] = await api.runs();
    const asked = vscode.commands.executeCommand('openexec.whatIf', run?.runId);
    let over = false;
    void asked.then(() => {
      over = true;
    });
    await until(
      async () => {
        // The first of the policies is the strictest.
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return over;
      },
      () => 'the calls to be decided again',
    );
    const text = await shownText((name) => name === 'What if read_only.md');
    assert.match(text, /decided again under the policy read_only \(shipped with OpenExec\)\. No model was asked/);
    const uri = vscode.window.activeTextEditor?.document.uri;
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri);
    assert.ok(links.length > 0, text);
    for (const { target } of links) assert.equal(`${target?.scheme}:${target?.path}`, 'command:openexec.openTimeline');
  });

  test('marks of denials go when they are dismissed', async () => {
    await vscode.commands.executeCommand('openexec.dismissDenials');
    assert.deepEqual(denialsAt(deniedFile()), []);
  });

  test('a timeline that is open already is brought to the front, not opened twice', async () => {
    const [run] = await api.runs();
    await vscode.commands.executeCommand('openexec.openTimeline', run?.runId);
    assert.equal(timelines().length, 1);
  });

  test('a cancelled run ends as cancelled, and the folder is as it was', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    const [run] = await api.runs();
    await vscode.commands.executeCommand('openexec.cancelRun', run?.runId);
    await untilStatus('cancelled');
    const file = path.join(folder, 'src/allocate.js');
    assert.match(readFileSync(file, 'utf8'), /mulDiv\(amount, weight, total\)/);
  });

  test('a folder cannot choose the policy of its runs', async () => {
    const settings = () => vscode.workspace.getConfiguration('openexec');
    assert.equal(settings().get('policy'), 'standard');
    await assert.rejects(async () => settings().update('policy', 'read_only', vscode.ConfigurationTarget.Workspace));
    assert.equal(settings().get('policy'), 'standard');
  });

  // The last one, for it leaves a settings file in the folder, and a recording answers only for the folder it was made of.
  test('a folder can name its model, but never the address that the key is sent to', async () => {
    const settings = () => vscode.workspace.getConfiguration('openexec');
    const { Workspace } = vscode.ConfigurationTarget;
    await settings().update('model', 'openai-compatible:any', Workspace);
    assert.equal(settings().get('model'), 'openai-compatible:any');
    await settings().update('model', undefined, Workspace);
    await assert.rejects(async () => settings().update('baseUrl', 'http://127.0.0.1:1/v1', Workspace));
    assert.equal(settings().get('baseUrl'), '');
  });
});

function deniedFile(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder, DENIED);
}

const denialsAt = (file: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(file).filter(({ source }) => source === 'OpenExec');

/** What the editor of a file offers at its first line to have a denial explained. */
async function explaining(file: vscode.Uri): Promise<vscode.Command> {
  // Only an open document has actions.
  await vscode.workspace.openTextDocument(file);
  const command = 'vscode.executeCodeActionProvider';
  const at = new vscode.Range(0, 0, 0, 0);
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>(command, file, at);
  const explain = found.find((action) => action.command?.command === 'openexec.explainDecision')?.command;
  assert.ok(explain, found.map(({ title }) => title).join());
  return explain;
}

/** The text of the read-only document of OpenExec whose name is as wanted, as soon as it is there. */
async function shownText(isIt: (name: string) => boolean): Promise<string> {
  const found = () =>
    vscode.workspace.textDocuments.find(
      ({ uri, isClosed }) => uri.scheme === 'openexec' && !isClosed && isIt(path.posix.basename(uri.path)),
    );
  await until(
    () => found() !== undefined,
    () => `a document; there are: ${vscode.workspace.textDocuments.map(({ uri }) => uri.path).join()}`,
  );
  return found()?.getText() ?? '';
}

/** The open editor tabs that are timelines. */
function timelines(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('openexec.timeline'));
}

async function until(condition: () => boolean | Promise<boolean>, what: () => string): Promise<void> {
  const end = Date.now() + 25_000;
  while (!(await condition())) {
    if (Date.now() > end) assert.fail(`waited in vain for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Notes the file of every worker thread that this process starts from now on; each still starts as it would. */
function countWorkers(): { readonly started: string[]; stop(): void } {
  const started: string[] = [];
  const real: typeof Worker = workerThreads.Worker;
  workerThreads.Worker = class extends real {
    constructor(file: string | URL, options?: WorkerOptions) {
      super(file, options);
      started.push(path.basename(String(file)));
    }
  };
  return {
    started,
    stop: () => {
      workerThreads.Worker = real;
    },
  };
}
