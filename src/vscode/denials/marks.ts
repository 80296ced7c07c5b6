/**
 * Denials as marks at the place itself: a warning in the Problems view and a note in the editor of the person's own file,
 * which the run does not touch. They stay until they are dismissed, or until the next run starts.
 */
import * as vscode from 'vscode';
import type { RunEvent } from '../../core/events/schema';
import type { Runs } from '../runs';
import { type Denial, type Denials, isOutside } from './denials';
import { placesOf } from './places';

type Mark = {
  readonly denial: Denial;
  readonly uri: vscode.Uri;
  readonly line: number;
  readonly text: string | null;
};

export class DenialMarks implements vscode.Disposable, vscode.CodeActionProvider {
  readonly #collection = vscode.languages.createDiagnosticCollection('openexec-denials');
  readonly #note = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    overviewRulerLane: vscode.OverviewRulerLane.Right,
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.warningForeground'),
  });
  readonly #runs: Runs;
  readonly #failed: (error: unknown) => void;
  readonly #roots = new Map<string, string>();
  readonly #subscriptions: { dispose(): void }[];
  #marks: Mark[] = [];
  /** Raised with every run that starts: what is found out about a denial of an earlier one comes too late. */
  #generation = 0;

  constructor(denials: Denials, runs: Runs, failed: (error: unknown) => void) {
    this.#runs = runs;
    this.#failed = failed;
    this.#subscriptions = [
      this.#collection,
      this.#note,
      runs.onDidAppend((event) => this.#take(event)),
      denials.onDidDeny((denial) => this.#mark(denial).catch(this.#failed)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#decorate()),
      vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    ];
  }

  /** Takes marks away: the one of an event of a run, those of a run, or all. */
  dismiss(runId?: string, seq?: number): void {
    const goes = ({ denial }: Mark): boolean =>
      (runId === undefined || denial.runId === runId) && (seq === undefined || denial.seq === seq);
    this.#set(this.#marks.filter((mark) => !goes(mark)));
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const here = this.#marks.filter(
      (mark) => mark.uri.toString() === document.uri.toString() && rangeOf(mark).intersection(range) !== undefined,
    );
    return here.flatMap(actionsOf);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #take(event: RunEvent): void {
    if (event.type !== 'run.started') return;
    this.#roots.clear();
    this.#roots.set(event.run, event.data.workspace.root);
    this.#generation += 1;
    this.dismiss();
  }

  async #mark(denial: Denial): Promise<void> {
    const generation = this.#generation;
    const root = await this.#rootOf(denial.runId);
    const explained = await this.#runs.explain(denial.runId, denial.seq).catch(() => null);
    for (const { file, line, text } of placesOf(denial, explained, root)) {
      const uri = vscode.Uri.file(file);
      const isFile = await vscode.workspace.fs.stat(uri).then(
        ({ type }) => (type & vscode.FileType.File) !== 0,
        () => false,
      );
      if (!isFile || generation !== this.#generation) continue;
      this.#set([...this.#marks, { denial, uri, line, text }]);
    }
  }

  async #rootOf(runId: string): Promise<string> {
    const known = this.#roots.get(runId);
    if (known !== undefined) return known;
    const started = await this.#runs.event(runId, 0);
    const root = started.type === 'run.started' ? started.data.workspace.root : '';
    this.#roots.set(runId, root);
    return root;
  }

  #set(marks: Mark[]): void {
    const changed = new Map([...this.#marks, ...marks].map(({ uri }) => [uri.toString(), uri]));
    this.#marks = marks;
    for (const [key, uri] of changed) {
      const own = marks.filter((mark) => mark.uri.toString() === key);
      this.#collection.set(uri, own.map(diagnosticOf));
    }
    void vscode.commands.executeCommand('setContext', 'openexec.denials', marks.length > 0);
    this.#decorate();
  }

  #decorate(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const own = this.#marks.filter(({ uri }) => uri.toString() === editor.document.uri.toString());
      editor.setDecorations(this.#note, own.map(decorationOf));
    }
  }
}

/** The line where the text stands in the file as it is open; else the one that is known. */
function rangeOf({ uri, line, text }: Mark): vscode.Range {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const offset = text === null || open === undefined ? -1 : open.getText().indexOf(text);
  const at = offset >= 0 && open !== undefined ? open.positionAt(offset).line : line;
  const wanted = new vscode.Range(at, 0, at, Number.MAX_SAFE_INTEGER);
  return open === undefined ? wanted : open.validateRange(wanted);
}

const toldOf = ({ denial: { what, rule, reason } }: Mark): string => `Denied ${what}: rule ${rule}. ${reason}`;

function diagnosticOf(mark: Mark): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(rangeOf(mark), toldOf(mark), vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'OpenExec';
  diagnostic.code = mark.denial.rule;
  return diagnostic;
}

function decorationOf(mark: Mark): vscode.DecorationOptions {
  const { tool, rule } = mark.denial;
  const contentText = `  denied ${tool}: ${rule}`;
  return {
    range: rangeOf(mark),
    hoverMessage: new vscode.MarkdownString().appendText(`OpenExec: ${toldOf(mark)}`),
    renderOptions: { after: { contentText, color: new vscode.ThemeColor('editorCodeLens.foreground') } },
  };
}

function actionsOf({ denial }: Mark): vscode.CodeAction[] {
  const { runId, seq, rule } = denial;
  const action = (title: string, command: string): vscode.CodeAction => {
    const one = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    one.command = { command, title, arguments: [runId, seq] };
    return one;
  };
  return [
    action(`OpenExec: Explain the Denial (${rule})`, 'openexec.explainDecision'),
    ...(isOutside(denial) ? [action('OpenExec: Widen the Zones of the Run…', 'openexec.widenZones')] : []),
    action('OpenExec: Show in Timeline', 'openexec.openTimeline'),
    action('OpenExec: Dismiss This Mark', 'openexec.dismissDenials'),
  ];
}
