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
  'resumeRun',
  'pauseRun',
  'cancelRun',
  'applyResult',
  'discardResult',
  'replayRun',
  'replayNode',
  'verifyRun',
  'exportEvidence',
];
/** The palette offers it while a run goes on, and asks which one where there are several. */
const IN_PALETTE = 'pauseRun';
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
    const expected = ON_A_RUN.filter((name) => name !== IN_PALETTE).map((name) => `openexec.${name}`);
    assert.deepEqual(hidden.sort(), expected.sort());
  });

  test('every command in a menu is contributed, and every command on a run but these is in its context menu', () => {
    const { menus, commands } = manifest.contributes;
    const known = new Set(commands.map(({ command }) => command));
    for (const entries of Object.values(menus))
      for (const { command } of entries) assert.ok(known.has(command), command);
    const onRuns = new Set((menus['view/item/context'] ?? []).map(({ command }) => command));
    assert.deepEqual([...onRuns].sort(), ON_A_RUN.map((name) => `openexec.${name}`).sort());
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
