/**
 * The two sides of a run's result as read-only documents, read from its record when they are shown: they are there after a
 * reload, and when the run's copy of the folder is gone.
 */
import * as vscode from 'vscode';
import type { Runs } from '../runs';

const SCHEME = 'openexec-result';

/** A file at the start of the run, as the run left it, or as a person had it when a merge began. */
export type Side = 'before' | 'after' | 'mine';

type ReadRuns = Pick<Runs, 'summary' | 'textByHash' | 'fileInTree'>;

/** The document of one side of a file; equal arguments give equal URIs. */
export const sideUri = (run: string, side: Side, path: string): vscode.Uri =>
  vscode.Uri.from({ scheme: SCHEME, path: `/${path}`, query: new URLSearchParams({ run, side }).toString() });

/**
 * The text of a side; null when there was no file, undefined when it cannot be shown: it is no text, is large, or is kept
 * neither in the record nor in the repository.
 */
export async function sideText(
  runs: ReadRuns,
  runId: string,
  side: 'before' | 'after',
  path: string,
): Promise<string | null | undefined> {
  const { touched, baseTree, tree, imported } = await runs.summary(runId);
  const sha256 = touched.find((file) => file.path === path)?.[side];
  if (sha256 === null) return null;
  const kept = sha256 === undefined ? undefined : await runs.textByHash(runId, sha256);
  const from = side === 'before' ? baseTree : tree;
  if (kept !== undefined || imported || from === null) return kept;
  return runs.fileInTree(runId, { tree: from, path });
}

/** Provides the documents, and remembers the texts that are nowhere else. */
export class ResultTexts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #runs: ReadRuns;
  readonly #mine = new Map<string, string>();
  readonly #registration: vscode.Disposable;

  constructor(runs: ReadRuns) {
    this.#runs = runs;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const asked = new URLSearchParams(uri.query);
    const side = asked.get('side');
    if (side !== 'before' && side !== 'after') return this.#mine.get(uri.toString()) ?? GONE();
    const text = await sideText(this.#runs, asked.get('run') ?? '', side, uri.path.slice(1));
    return text === undefined ? NOT_SHOWN() : (text ?? '');
  }

  /** A text as a person has it now, for as long as this window is open. */
  keepMine(runId: string, path: string, text: string): vscode.Uri {
    const uri = sideUri(runId, 'mine', path);
    this.#mine.set(uri.toString(), text);
    return uri;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

const GONE = (): string =>
  vscode.l10n.t('This text was kept for an earlier session only. Apply the result again to merge it.\n');
const NOT_SHOWN = (): string => vscode.l10n.t('This content is no text, or is not kept any more.\n');
