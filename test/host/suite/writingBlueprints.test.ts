/** Writing a blueprint in the real extension host: problems, lenses, completion and hover, as VS Code shows them. */
import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';

const SOUND = `version: 1
id: mine
title: Mine
description: Runs the tests.
toolset: coding_backend
start: test
nodes:
  test:
    type: deterministic
    action: run_tests
    on_success: done
    on_failure: fail
`;
const POLL_MS = 50;

suite('writing a blueprint', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder, 'no folder is open');
  const file = vscode.Uri.joinPath(folder, '.openexec/blueprints/mine.yaml');
  let document: vscode.TextDocument;

  /** The text takes the place of what is in the editor; nothing is saved. */
  async function write(text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(file, new vscode.Range(0, 0, document.lineCount, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  const lenses = async (): Promise<string[]> => {
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file, 10);
    return found.map(({ command }) => command?.title ?? '');
  };
  const problems = (): string[] =>
    vscode.languages
      .getDiagnostics(file)
      .map(({ range: { start }, message }) => `${start.line + 1}:${start.character + 1} ${message}`);

  /** The place of a text in the document, and so many characters further. */
  function at(text: string, further = text.length): vscode.Position {
    const offset = document.getText().indexOf(text);
    assert.ok(offset >= 0, `"${text}" is not there`);
    return document.positionAt(offset + further);
  }

  suiteSetup(async () => {
    await vscode.workspace.fs.writeFile(file, Buffer.from(SOUND));
    document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
  });

  test('a sound one has no problem, and says on top what can be done with it and what it can cost', async () => {
    assert.deepEqual(await lenses(), ['Start run', 'Show graph', 'Worst case: 0 model calls, 0 tokens, $0']);
    assert.deepEqual(problems(), []);
  });

  test('a problem stands at its line and column as soon as it is written, and the lenses only lead to it', async () => {
    await write(SOUND.replace('on_failure: fail', 'on_failure: nowhere'));
    await until(() => problems().length === 1, problems);
    assert.match(problems()[0] ?? '', /^12:17 .*nowhere/);
    assert.deepEqual(await lenses(), ['1 problem']);
    const [diagnostic] = vscode.languages.getDiagnostics(file);
    assert.equal(diagnostic?.source, 'OpenExec');
    assert.equal(document.getText(diagnostic?.range), 'nowhere');
  });

  test('every problem is there, not only the first', async () => {
    await write(SOUND.replace('title: Mine', 'titel: Mine').replace('run_tests', 'run_everything'));
    await until(() => problems().length >= 3, problems);
    assert.ok(
      problems().some((problem) => problem.startsWith('3:')),
      problems().join('\n'),
    );
    assert.ok(
      problems().some((problem) => problem.startsWith('10:13 ')),
      problems().join('\n'),
    );
  });

  test('text that is no YAML at all is a problem, too', async () => {
    await write('nodes: [\n');
    await until(() => problems().some((problem) => /^\d+:\d+ /.test(problem)), problems);
    assert.match((await lenses())[0] ?? '', /^\d+ problems?$/);
  });

  test('problems go when the file is mended', async () => {
    await write(SOUND);
    await until(() => problems().length === 0, problems);
  });

  test('actions, targets and keys are completed, each in its place', async () => {
    const labels = async (position: vscode.Position): Promise<string[]> => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        file,
        position,
      );
      return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    assert.ok((await labels(at('action: '))).includes('git_commit'));
    assert.ok((await labels(at('on_success: '))).includes('pause'));
    await write(SOUND.replace('    on_failure: fail\n', '    \n'));
    const keys = await labels(at('on_success: done\n    '));
    assert.ok(keys.includes('on_failure') && keys.includes('retry'), keys.join());
    assert.ok(!keys.includes('action') && !keys.includes('goal'), keys.join());
    await write(SOUND);
  });

  test('a word is explained where the mouse rests on it', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      file,
      at('on_failure', 3),
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === 'string' ? part : part.value)),
    );
    assert.match(text.join('\n'), /on\\_failure/);
    assert.match(text.join('\n'), /Default: `pause`/);
  });

  test('the blueprints that ship are sound', async () => {
    const extension = vscode.extensions.getExtension('openexec.openexec');
    const folder = vscode.Uri.file(path.join(extension?.extensionPath ?? '', 'blueprints'));
    const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name);
    assert.ok(names.includes('quick_fix.yaml'));
    for (const name of names) {
      const uri = vscode.Uri.joinPath(folder, name);
      await vscode.workspace.openTextDocument(uri);
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
      assert.equal(found[0]?.command?.title, 'Start run', `${name}: ${found[0]?.command?.title}`);
    }
  });

  test('another YAML file is left alone', async () => {
    const other = vscode.Uri.joinPath(folder, '.openexec/other.yaml');
    await vscode.workspace.fs.writeFile(other, Buffer.from('nodes: 7\n'));
    await vscode.workspace.openTextDocument(other);
    const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', other, 10);
    assert.deepEqual(found, []);
    assert.deepEqual(vscode.languages.getDiagnostics(other), []);
  });

  test('problems go with the file', async () => {
    await write(SOUND.replace('on_failure: fail', 'on_failure: nowhere'));
    await until(() => problems().length === 1, problems);
    await document.save();
    await vscode.workspace.fs.delete(file);
    await until(() => problems().length === 0, problems);
  });

  test('the schema for other YAML editors is where the manifest says', async () => {
    const extension = vscode.extensions.getExtension('openexec.openexec');
    assert.ok(extension);
    const [validation] = extension.packageJSON.contributes.yamlValidation as { url: string; fileMatch: string[] }[];
    const bytes = await vscode.workspace.fs.readFile(
      vscode.Uri.joinPath(extension.extensionUri, validation?.url ?? ''),
    );
    const schema = JSON.parse(Buffer.from(bytes).toString('utf8')) as { properties: Record<string, unknown> };
    assert.ok('nodes' in schema.properties);
    assert.ok(validation?.fileMatch.includes('.openexec/blueprints/*.yaml'));
  });
});

async function until(condition: () => boolean, seen: () => string[]): Promise<void> {
  const end = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > end) assert.fail(`waited in vain; there is: ${seen().join('; ')}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
