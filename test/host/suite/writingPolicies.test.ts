/** Writing policies and toolsets in the real extension host: problems, completion and hover, as VS Code shows them. */
import * as assert from 'node:assert/strict';
import * as path from 'node:path';
import * as vscode from 'vscode';

const SOUND = `version: 1
id: here
description: What may never be done here.
rules:
  - id: no-migrations
    effect: deny
    capabilities: [repo_write]
    tools: [write_file]
    paths: ['db/**']
    reason: A migration cannot be taken back.
    examples:
      - { tool: write_file, input: { path: db/001.sql, content: '' } }
`;
const POLL_MS = 50;

suite('writing a policy', () => {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  assert.ok(folder, 'no folder is open');
  const extension = vscode.extensions.getExtension('openexec.openexec');
  assert.ok(extension, 'the extension is not there');
  const file = vscode.Uri.joinPath(folder, '.openexec/policy.yaml');
  let document: vscode.TextDocument;

  /** The text takes the place of what is in the editor; nothing is saved. */
  async function write(text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(file, new vscode.Range(0, 0, document.lineCount, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  const problems = (of = file): string[] =>
    vscode.languages
      .getDiagnostics(of)
      .map(({ range: { start }, message }) => `${start.line + 1}:${start.character + 1} ${message}`);

  const labelsAfter = async (text: string): Promise<string[]> => {
    const at = document.positionAt(document.getText().indexOf(text) + text.length);
    const command = 'vscode.executeCompletionItemProvider';
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(command, file, at);
    return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  };

  suiteSetup(async () => {
    await extension.activate();
    await vscode.workspace.fs.writeFile(file, Buffer.from(SOUND));
    document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
  });

  suiteTeardown(async () => {
    await write(SOUND);
    await document.save();
    await vscode.workspace.fs.delete(file);
  });

  test('an example that its rule does not match is a problem at the example', async () => {
    await write(SOUND.replace('path: db/001.sql', 'path: src/a.ts'));
    await until(() => problems().length === 1, problems);
    assert.match(problems()[0] ?? '', /^12:\d+ rule no-migrations: /);
    const [diagnostic] = vscode.languages.getDiagnostics(file);
    assert.equal(diagnostic?.source, 'OpenExec');
    assert.equal(diagnostic?.severity, vscode.DiagnosticSeverity.Error);
  });

  test('a member that does not exist is a problem at its place, with what was meant', async () => {
    await write(SOUND.replace('    effect: deny', '    effekt: deny'));
    await until(() => problems().some((problem) => /^6:5 .*effect/.test(problem)), problems);
  });

  test('a rule that allows is a warning in a file that only tightens', async () => {
    await write(SOUND.replace('effect: deny', 'effect: allow'));
    await until(() => problems().some((problem) => /^5:5 .*can only tighten/.test(problem)), problems);
    const severities = new Set(vscode.languages.getDiagnostics(file).map(({ severity }) => severity));
    assert.deepEqual([...severities], [vscode.DiagnosticSeverity.Warning]);
  });

  test('problems go when the file is mended', async () => {
    await write(SOUND);
    await until(() => problems().length === 0, problems);
  });

  test('members, fixed values and names of tools are completed, each in its place', async () => {
    await write(SOUND.replace('effect: deny', 'effect: ').replace('tools: [write_file]', 'tools: []'));
    const effects = await labelsAfter('effect: ');
    assert.ok(effects.includes('ask') && effects.includes('deny'), effects.join());
    assert.ok((await labelsAfter('tools: [')).includes('apply_patch'));
    assert.ok((await labelsAfter('capabilities: [')).includes('repo_delete'));
    await write(`${SOUND}    \n`);
    assert.ok((await labelsAfter("content: '' } }\n    ")).includes('hosts'));
    await write(SOUND);
  });

  test('a word is explained where the mouse rests on it', async () => {
    const at = document.positionAt(document.getText().indexOf('capabilities') + 2);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', file, at);
    const text = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === 'string' ? part : part.value)),
    );
    assert.match(text.join('\n'), /What a call must need for the rule to match/);
  });

  test('the policies and toolsets that ship have no error', async () => {
    for (const below of ['policies', 'policies/toolsets']) {
      const shipped = vscode.Uri.joinPath(extension.extensionUri, below);
      const files = (await vscode.workspace.fs.readDirectory(shipped)).filter(([name]) => name.endsWith('.yaml'));
      assert.ok(files.length > 2, below);
      for (const [name] of files) {
        const uri = vscode.Uri.joinPath(shipped, name);
        await vscode.workspace.openTextDocument(uri);
        // A problem of another file comes later than those of this one, for they are looked at in turn.
        await write(`${SOUND}rulez: []\n`);
        await until(() => problems().length > 0, problems);
        await write(SOUND);
        await until(() => problems().length === 0, problems);
        const errors = vscode.languages.getDiagnostics(uri).filter(({ severity }) => severity === 0);
        assert.deepEqual(
          errors.map(({ message }) => message),
          [],
          name,
        );
      }
    }
  });

  test('a toolset of the folder names only tools that there are', async () => {
    const toolset = vscode.Uri.joinPath(folder, '.openexec/toolsets/mine.yaml');
    const text = 'version: 1\nid: mine\ndescription: Mine.\ntools: [read_file, raed_file]\n';
    await vscode.workspace.fs.writeFile(toolset, Buffer.from(text));
    await vscode.workspace.openTextDocument(toolset);
    await until(
      () => problems(toolset).some((problem) => /^4:20 .*read_file/.test(problem)),
      () => problems(toolset),
    );
    await vscode.workspace.fs.delete(toolset);
  });

  test('the schemas for other YAML editors are where the manifest says', async () => {
    const validations = extension.packageJSON.contributes.yamlValidation as { url: string; fileMatch: string[] }[];
    const policy = validations.find(({ fileMatch }) => fileMatch.includes('.openexec/policy.yaml'));
    const bytes = await vscode.workspace.fs.readFile(
      vscode.Uri.file(path.join(extension.extensionPath, policy?.url ?? 'nowhere')),
    );
    const schema = JSON.parse(Buffer.from(bytes).toString('utf8')) as { properties: Record<string, unknown> };
    assert.ok('rules' in schema.properties);
  });
});

async function until(condition: () => boolean, seen: () => string[]): Promise<void> {
  const end = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > end) assert.fail(`waited in vain; there is: ${seen().join('; ')}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
