/**
 * Denials as notifications: what comes together shares one, and after one there is a while without any, for an agent may try
 * a hundred times what it may not do.
 */
import * as vscode from 'vscode';
import { warn } from '../messages';
import { type Denial, type Denials, isOutside } from './denials';

/** VS Code drops notifications that come too fast: denials in a row share one. */
const GATHER_MS = 700;
/** No two notifications come closer than this. */
const QUIET_MS = 15_000;

const SHOW = 'Show in Timeline';
const EXPLAIN = 'Explain';
const OPEN = 'Open Policy';
const WIDEN = 'Widen Zones…';
const COMMANDS: Readonly<Record<string, string>> = {
  [WIDEN]: 'openexec.widenZones',
  [SHOW]: 'openexec.openTimeline',
  [EXPLAIN]: 'openexec.explainDecision',
  [OPEN]: 'openexec.openPolicy',
};

export class DenialNotices implements vscode.Disposable {
  readonly #subscription: vscode.Disposable;
  readonly #failed: (error: unknown) => void;
  #gathered: Denial[] = [];
  #timer: NodeJS.Timeout | undefined;
  #quietUntil = Number.NEGATIVE_INFINITY;

  constructor(denials: Denials, failed: (error: unknown) => void) {
    this.#failed = failed;
    this.#subscription = denials.onDidDeny((denial) => {
      this.#gathered.push(denial);
      const wait = Math.max(GATHER_MS, this.#quietUntil - performance.now());
      this.#timer ??= setTimeout(() => this.#tell(), wait);
    });
  }

  #tell(): void {
    this.#timer = undefined;
    const denials = this.#gathered;
    this.#gathered = [];
    this.#quietUntil = performance.now() + QUIET_MS;
    show(denials).catch(this.#failed);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
  }
}

async function show(denials: readonly Denial[]): Promise<void> {
  const [first] = denials;
  if (!first) return;
  const outside = denials.find(isOutside);
  // No policy stands behind a zone, so that there is none to open.
  const ways = outside === undefined ? [SHOW, EXPLAIN, OPEN] : [WIDEN, SHOW, EXPLAIN];
  const picked = await warn(denialsLine(denials), ...ways);
  const command = picked === undefined ? undefined : COMMANDS[picked];
  const { runId, seq } = picked === WIDEN && outside !== undefined ? outside : first;
  if (command) await vscode.commands.executeCommand(command, runId, seq);
}

/** What was denied, by which rules, and why the first was. */
function denialsLine(denials: readonly Denial[]): string {
  const [first] = denials;
  if (!first) return '';
  if (denials.length === 1) return `OpenExec denied ${first.what}: rule ${first.rule}. ${first.reason}`;
  const counts = new Map<string, number>();
  for (const { rule } of denials) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const rules = [...counts].map(([rule, times]) => (times === 1 ? rule : `${rule} (${times})`)).join(', ');
  return `OpenExec denied ${denials.length} calls: ${rules}. First: ${first.what}: ${first.reason}`;
}
