/** The two views of OpenExec in the side bar, joined: the list of runs, and the timeline of the one that is chosen in it. */
import * as vscode from 'vscode';
import { showPending } from '../pendingBadge';
import type { Drifts } from '../policies/drifts';
import { RunsTree, selectedRun } from '../runsTree';
import type { TimelineDesk } from '../timeline/answer';
import type { TimelinePanels } from '../timeline/panels';
import { TIMELINE_VIEW, TimelineView } from '../timeline/sideView';
import type { Verdicts } from '../verdicts';
import { RunArranging, showFilter } from './arranging';

type Needs = {
  readonly extension: vscode.Uri;
  readonly desk: TimelineDesk & { readonly verdicts: Verdicts };
  readonly drifts: Drifts;
  readonly panels: TimelinePanels;
  readonly memory: vscode.Memento;
};

type RunViews = vscode.Disposable & {
  readonly arranging: RunArranging;
  /** The timeline in the side bar. */
  readonly side: TimelineView;
};

export function registerRunViews({ extension, desk, drifts, panels, memory }: Needs): RunViews {
  const arranging = new RunArranging(memory);
  const tree = new RunsTree({ ...desk, drifts, arranging });
  const view = vscode.window.createTreeView('openexec.runs', { treeDataProvider: tree, canSelectMany: true });
  const side = new TimelineView(extension, desk, memory);
  const registered = vscode.Disposable.from(
    arranging,
    tree,
    view,
    side,
    showPending(view, desk.approvals),
    showFilter(view, arranging),
    // A window that was left open overnight would call yesterday's runs today's.
    vscode.window.onDidChangeWindowState(({ focused }) => focused && tree.refresh()),
    vscode.window.registerWebviewViewProvider(TIMELINE_VIEW, side),
    panels.onDidOpen((runId) => void side.choose(runId)),
    view.onDidChangeSelection(({ selection }) => {
      const runId = selectedRun(selection);
      if (runId !== null) void side.choose(runId);
    }),
  );
  return { arranging, side, dispose: () => registered.dispose() };
}
