/** Verdicts about runs, as badges in the Runs tree: each holds for the record as it was when it was looked at. */
import * as vscode from 'vscode';
import { z } from 'zod';
import { sha256Schema } from '../core/kernel/hash';

const verdict = z.strictObject({
  ok: z.boolean(),
  /** What was found, in one line. */
  line: z.string(),
  /** ISO 8601. */
  at: z.string(),
});
const keptVerdicts = z.strictObject({
  /** The hash of the record's last event when the verdicts were reached. */
  head: sha256Schema,
  verify: verdict.nullable(),
  replay: verdict.nullable(),
});

export type Verdict = z.infer<typeof verdict>;
type Kept = z.infer<typeof keptVerdicts>;
type Look = {
  readonly ok: boolean;
  readonly badge: string;
  /** For the eye: what, when, and for which head. */
  readonly tooltip: string;
  /** For the ear. */
  readonly words: string;
};

const SCHEME = 'openexec-run';

/** Names a run for its decoration; the head is part of the name, so that a badge is gone as soon as the record moves on. */
export const runUri = (run: { readonly runId: string; readonly head: string }): vscode.Uri =>
  vscode.Uri.from({ scheme: SCHEME, path: `/${run.runId}`, query: run.head });

export class Verdicts implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  /** Keeps a verdict about the record whose last event has the hash `head`. */
  async keep(run: { runId: string; head: string }, kind: 'verify' | 'replay', found: Verdict): Promise<void> {
    const before = this.#of(run) ?? { head: run.head, verify: null, replay: null };
    await this.#memory.update(keyOf(run.runId), { ...before, [kind]: found } satisfies Kept);
    this.#changed.fire(runUri(run));
  }

  /** How the verdicts on a run look; null when there is none on its record as it is. */
  lookOf(run: { readonly runId: string; readonly head: string }): Look | null {
    const kept = this.#of(run);
    const found = [kept?.verify ?? null, kept?.replay ?? null].filter((one) => one !== null);
    if (found.length === 0) return null;
    const ok = found.every((one) => one.ok);
    const lines = found.map(({ line, at }) => `${line} (${new Date(at).toLocaleString()})`);
    const words = found.map(({ line }) => line).join(' ');
    return { ok, badge: ok ? '✓' : '!', tooltip: `${lines.join('\n')}\nHead ${run.head}`, words };
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    if (uri.scheme !== SCHEME) return undefined;
    const look = this.lookOf({ runId: uri.path.slice(1), head: uri.query });
    if (look === null) return undefined;
    const color = look.ok ? undefined : new vscode.ThemeColor('list.errorForeground');
    return new vscode.FileDecoration(look.badge, look.tooltip, color);
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #of({ runId, head }: { readonly runId: string; readonly head: string }): Kept | null {
    const parsed = keptVerdicts.safeParse(this.#memory.get(keyOf(runId)));
    return parsed.success && parsed.data.head === head ? parsed.data : null;
  }
}

const keyOf = (runId: string): string => `openexec.verdict:${runId}`;
